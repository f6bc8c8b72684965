import { log } from '../log.ts'
import { isRestoredLately } from './restored.ts'
import type { Kept } from './storage.ts'

const day = 24 * 60 * 60 * 1000
/** How long the trash keeps a file. */
const maxTrashMs = 30 * day
/** Files checked in one statement. */
const batch = 500

/** A kind of files that rows of the database reference. */
export interface Named extends Kept {
  /** What to call them in the log. */
  what: string
  /** Those of these files that no row references. */
  unnamed(names: string[]): Promise<string[]>
}

export interface Survey {
  /** How many files are referenced. */
  known: number
  unknown: string[]
}

/** Finds files that are no longer referenced; those of the last day may not have their row yet. */
export async function survey({ storage, unnamed }: Named): Promise<Survey> {
  const found: Survey = { known: 0, unknown: [] }
  for await (const names of batches(storage.olderThan(Date.now() - day))) {
    const unknown = await unnamed(names)
    found.known += names.length - unknown.length
    found.unknown.push(...unknown)
  }
  return found
}

/**
 * Whether the database is probably the wrong one, empty or older, rather than the files: it knows none of them, or more
 * are unknown than a crash leaves behind.
 */
export const isDoubtful = ({ known, unknown }: Survey): boolean =>
  unknown.length > 0 && (known === 0 || (unknown.length > 20 && unknown.length * 9 > known))

/** Why nothing is removed; undefined when the database is trusted. */
export async function doubtOf(found: Survey): Promise<string | undefined> {
  if (isDoubtful(found)) return 'many files are unknown to the database'
  return (await isRestoredLately()) ? 'the database was restored in the last 7 days' : undefined
}

/**
 * Restores discarded files that are referenced again, discards unreferenced ones, and removes those that have been in
 * the trash for 30 days. With a doubtful database files are only restored. Many workers may do so at once.
 * @returns whether the database was trusted
 */
export async function tidyFiles(named: Named): Promise<boolean> {
  const { what, trash } = named
  await restoreReferenced(named)
  const found = await survey(named)
  const why = await doubtOf(found)
  if (why) {
    const files = { unknown: found.unknown.length, known: found.known }
    log.warn(files, `${why}: no ${what} are removed; see “admin files”`)
    return false
  }
  await discardUnknown(named, found)
  for await (const name of trash.olderThan(Date.now() - maxTrashMs)) await trash.remove(name)
  return true
}

/** Moves unreferenced files to the trash, even when the database is doubtful. */
export async function discardUnknown({ storage, trash }: Named, { unknown }: Survey): Promise<void> {
  for (const name of unknown) await storage.moveTo(trash, name)
}

async function restoreReferenced({ storage, trash, unnamed }: Named): Promise<void> {
  for await (const names of batches(trash.olderThan(Date.now()))) {
    const unknown = new Set(await unnamed(names))
    for (const name of names) if (!unknown.has(name)) await trash.moveTo(storage, name)
  }
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
