import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Storage } from './stored.ts'

/** A local folder, shared by the workers. */
export const folderStorage = (folder: string): Storage => ({
  async put(path, name) {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    await flush(path)
    await rename(path, join(folder, name))
    // A rename is durable once its folder is synced; a new folder, once its parent is.
    for (const changed of [folder, ...(made ? [dirname(made)] : [])]) await flush(changed)
  },
  size: (name) => stat(join(folder, name)).then(({ size }) => size, unlessGone),
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

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** Names in a local folder; none when there is no such folder. */
export async function* filesOlderThan(folder: string, moment: number): AsyncIterable<string> {
  const entries = await opendir(folder).catch(() => undefined)
  for await (const { name } of entries ?? []) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && found.mtimeMs < moment) yield name
  }
}
