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

/** Where files are kept. Names are made by us, and what is kept under a name never changes. */
export interface Storage {
  /** Moves a file of this machine in; whole or not at all, and on the disk once it is done. */
  put(path: string, name: string): Promise<void>
  /** Bytes; undefined when there is no such file. */
  size(name: string): Promise<number | undefined>
  read(name: string, range?: Range): Readable
  /** Removing what is not there is fine. */
  remove(name: string): Promise<void>
  /** Moves it to another storage; moving what is not there is fine. */
  moveTo(other: Storage, name: string): Promise<void>
  /** What was put in before this moment, in ms since 1970. */
  olderThan(moment: number): AsyncIterable<string>
}

/** Where uploads are received: in the same file system as what is kept, so that moving is renaming. */
export const uploadsFolder = join(config.dataDir, 'uploads')

/** The name under which a file's thumbnail is kept, and back. */
export const thumbnailOf = (name: string) => `${name}-thumbnail`
export const originalOf = (name: string) => name.replace(/-thumbnail$/, '')

/** A folder of this machine, shared by its workers. */
export const folderStorage = (folder: string): Storage => ({
  async put(path, name) {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    await flush(path)
    await rename(path, join(folder, name))
    // A name is on the disk with the folder that holds it, and so is the folder's own.
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

/** Has a file or a folder written to the disk, as changed now: from then on it counts how old it is. */
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

/** Names in a folder of this machine; none when there is no such folder. */
export async function* filesOlderThan(folder: string, moment: number): AsyncIterable<string> {
  const entries = await opendir(folder).catch(() => undefined)
  for await (const { name } of entries ?? []) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && found.mtimeMs < moment) yield name
  }
}

/** Whether an error says that there is no room. */
export const isFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
