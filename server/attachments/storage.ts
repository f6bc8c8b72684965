import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { config } from '../config.ts'

/** Bytes from `start` to `end`, both included. */
export interface Range {
  start: number
  end: number
}

/** Where files are stored. Names are generated, and the content of a name never changes. */
export interface Storage {
  /** Moves a local file in, atomically and durably. */
  put(path: string, name: string): Promise<void>
  /** Bytes; undefined when there is no such file. */
  size(name: string): Promise<number | undefined>
  read(name: string, range?: Range): Readable
  /** Does nothing when there is no such file. */
  remove(name: string): Promise<void>
  /** Moves a file to another storage; does nothing when there is no such file. */
  moveTo(other: Storage, name: string): Promise<void>
  /** Files put in before this moment, in ms since 1970. */
  olderThan(moment: number): AsyncIterable<string>
}

/** Where uploads are received: on the same file system as the storage, so that they can be renamed into it. */
export const uploadsFolder = join(config.dataDir, 'uploads')

/** The name under which a file's thumbnail is stored, and back. */
export const thumbnailOf = (name: string) => `${name}-thumbnail`
export const originalOf = (name: string) => name.replace(/-thumbnail$/, '')

/** A local folder, shared by the workers. */
export const folderStorage = (folder: string): Storage => ({
  async put(path, name) {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    await flush(path)
    await rename(path, join(folder, name))
    // A rename is durable once its folder is synced; a new folder, once its parent is.
    for (const changed of [folder, ...(made ? [dirname(made)] : [])]) await flush(changed)
  },
  size: (name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => undefined,
    ),
  read: (name, range) => createReadStream(join(folder, name), range),
  remove: (name) => rm(join(folder, name), { force: true }),
  moveTo: (other, name) => other.put(join(folder, name), name).catch(unlessGone),
  olderThan: (moment) => filesOlderThan(folder, moment),
})

/** Syncs a file or folder, and sets its time, from which its age is counted. */
async function flush(path: string): Promise<void> {
  const file = await open(path)
  try {
    await file.utimes(new Date(), new Date())
    await file.sync()
  } finally {
    await file.close()
  }
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

export const storage = folderStorage(join(config.dataDir, 'attachments'))
export const trash = folderStorage(join(config.dataDir, 'trash', 'attachments'))

/** Names in a local folder; none when there is no such folder. */
export async function* filesOlderThan(folder: string, moment: number): AsyncIterable<string> {
  const entries = await opendir(folder).catch(() => undefined)
  for await (const { name } of entries ?? []) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && found.mtimeMs < moment) yield name
  }
}

export const isDiskFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
