import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { log } from '../log.ts'
import { removeFile, removeFiles } from './remove.ts'
import { filesOlderThan, originalOf, storage, uploadsFolder } from './storage.ts'
import { deleteUnsent, unnamed } from './store.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour
/** Files and rows looked at in one statement. */
const batch = 500

/** Sweeps now and every hour. @returns to be called at the end; waits for a sweep that runs */
export function startSweep(): () => Promise<void> {
  let running = Promise.resolve()
  const run = () => {
    running = sweep().catch((error) =>
      log.warn({ err: error }, 'the sweep of attachments failed; the next tries again'),
    )
  }
  const timer = setInterval(run, hour)
  run()
  return () => {
    clearInterval(timer)
    return running
  }
}

/** Removes what nobody sent within a day, and what a crash left behind. Many workers may do so at once. */
export async function sweep(): Promise<void> {
  for (let names = await deleteUnsent(batch); names.length > 0; names = await deleteUnsent(batch))
    await removeFiles(names)
  // No request takes an hour.
  for await (const name of filesOlderThan(uploadsFolder, Date.now() - hour))
    await rm(join(uploadsFolder, name), { recursive: true, force: true })
  await removeUnnamed()
}

/**
 * Files of no attachment. Where the database knows none of the files at all it is more likely the wrong database,
 * or an empty one, than the wrong files: they stay.
 */
async function removeUnnamed(): Promise<void> {
  const nobodys: string[] = []
  let known = 0
  for await (const names of batches(storage.olderThan(Date.now() - day))) {
    const originals = [...new Set(names.map(originalOf))]
    const found = await unnamed(originals)
    known += originals.length - found.length
    nobodys.push(...found)
  }
  if (known > 0) for (const name of nobodys) await removeFile(name)
  else if (nobodys.length > 0)
    log.warn(
      { files: nobodys.length },
      'no file in DATA_DIR/attachments is of this database; they are left alone',
    )
}

async function* batches(names: AsyncIterable<string>): AsyncIterable<string[]> {
  let some: string[] = []
  for await (const name of names) {
    some.push(name)
    if (some.length < batch) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}
