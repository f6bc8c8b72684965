import { log } from '../log.ts'
import { isRestoredLately } from './restored.ts'
import type { Storage } from './storage.ts'

const day = 24 * 60 * 60 * 1000
/** How long the trash keeps a file. */
const maxTrashMs = 30 * day
/** Files looked at in one statement. */
const batch = 500

/** Files that rows of the database name. */
export interface Named {
  /** What they are, to whoever reads the log. */
  what: string
  storage: Storage
  trash: Storage
  /** Of these files those that no row names. */
  unnamed(names: string[]): Promise<string[]>
}

export interface Survey {
  /** How many files some row names. */
  known: number
  unknown: string[]
}

/** Looks which files nobody names any more; those of the last day may still wait for their row. */
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
 * Whether it is more likely the wrong database, an empty or an older one, than the wrong files: it knows none of them,
 * or many are unknown, more than a crash leaves behind.
 */
export const isDoubtful = ({ known, unknown }: Survey): boolean =>
  unknown.length > 0 && (known === 0 || (unknown.length > 20 && unknown.length * 9 > known))

/** Why nothing is removed; undefined when there is no reason to doubt. */
export async function doubtOf(found: Survey): Promise<string | undefined> {
  if (isDoubtful(found)) return 'the database does not know many files'
  return (await isRestoredLately()) ? 'the database was restored in the last 7 days' : undefined
}

/**
 * Brings back what was thrown away and is named again, throws away what nobody names, and removes what has been in the
 * trash for 30 days. Of a doubtful database nothing is believed but that it names a file. Many may do so at once.
 * @returns whether it was believed
 */
export async function tidyFiles(named: Named): Promise<boolean> {
  const { what, trash } = named
  await bringBack(named)
  const found = await survey(named)
  const why = await doubtOf(found)
  if (why) {
    const files = { unknown: found.unknown.length, known: found.known }
    log.warn(files, `${why}: none of the ${what} is removed, see “admin files”`)
    return false
  }
  await throwAway(named, found)
  for await (const name of trash.olderThan(Date.now() - maxTrashMs)) await trash.remove(name)
  return true
}

/** Moves what nobody names to the trash, whatever one may think of the database. */
export async function throwAway({ storage, trash }: Named, { unknown }: Survey): Promise<void> {
  for (const name of unknown) await storage.moveTo(trash, name)
}

async function bringBack({ storage, trash, unnamed }: Named): Promise<void> {
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
