import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unfinishedOf } from './write.ts'

const form = /^rozmowa-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.tar\.zst(\.age)?$/

/** `rozmowa-20261130-011700.tar.zst`, in UTC. */
export function newName(now: Date, isEncrypted: boolean): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  return `rozmowa-${time}.tar.zst${isEncrypted ? '.age' : ''}`
}

/** The scheduled backups in a folder, newest first. */
export async function backupsIn(folder: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => form.test(name))
    .sort()
    .reverse()
}

/** When a scheduled backup was begun. */
export function timeOf(name: string): Date {
  const [year, month, day, hour, minute, second] = form.exec(name)!.slice(1, 7)
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** Removes all but the newest. */
export async function removeOld(folder: string, keep: number): Promise<void> {
  for (const name of (await backupsIn(folder)).slice(keep)) await rm(join(folder, name), { force: true })
}

/** Longer than one is being made. */
const unfinishedMs = 12 * 60 * 60 * 1000

/** Removes what was left of those that were cut short. */
export async function removeUnfinished(folder: string): Promise<void> {
  const ending = unfinishedOf('')
  for (const file of await readdir(folder)) {
    const name = file.slice(0, -ending.length)
    if (!file.endsWith(ending) || !form.test(name)) continue
    if (Date.now() - timeOf(name).getTime() > unfinishedMs) await rm(join(folder, file), { force: true })
  }
}
