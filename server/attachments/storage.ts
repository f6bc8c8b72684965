import { createReadStream } from 'node:fs'
import { mkdir, opendir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { config } from '../config.ts'

/** Bytes from `start` to `end`, both included. */
export interface Range {
  start: number
  end: number
}

/** Where files are kept. Names are made by us, and what is kept under a name never changes. */
export interface Storage {
  /** Moves a file of this machine in; whole or not at all. */
  put(path: string, name: string): Promise<void>
  /** Bytes; undefined when there is no such file. */
  size(name: string): Promise<number | undefined>
  read(name: string, range?: Range): Readable
  /** Removing what is not there is fine. */
  remove(name: string): Promise<void>
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
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await rename(path, join(folder, name))
  },
  size: (name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => undefined,
    ),
  read: (name, range) => createReadStream(join(folder, name), range),
  remove: (name) => rm(join(folder, name), { force: true }),
  olderThan: (moment) => filesOlderThan(folder, moment),
})

export const storage = folderStorage(join(config.dataDir, 'attachments'))

/** Names in a folder of this machine; none when there is no such folder. */
export async function* filesOlderThan(folder: string, moment: number): AsyncIterable<string> {
  const entries = await opendir(folder).catch(() => undefined)
  for await (const { name } of entries ?? []) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && found.mtimeMs < moment) yield name
  }
}

/** Whether an error says that there is no room: Node does by a code, libvips in words. */
export const isFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '') ||
  /no space left|quota exceeded/i.test((error as Error).message)
