import { isBackingUp } from '../db/backup-lock.ts'
import { sql } from '../db/client.ts'
import { type Kept, keptFiles, keptPictures } from './storage.ts'

/** Removes files whose rows are gone, at once unless a backup is being made. */
export async function removeUnlessHeld({ storage, held }: Kept, names: string[]): Promise<void> {
  const isHeld = await isBackingUp(sql)
  await Promise.all(names.map((name) => (isHeld ? storage.moveTo(held, name) : storage.remove(name))))
}

/** Removes what waited, unless a backup is being made. */
export async function emptyHeld(): Promise<void> {
  // What is held from now on may be for a backup that begins meanwhile.
  const before = Date.now()
  if (await isBackingUp(sql)) return
  await removeHeld(before)
}

/** At the end of a backup, of which there is one at a time. */
export async function removeHeld(before = Number.POSITIVE_INFINITY): Promise<void> {
  for (const { held } of [keptFiles, keptPictures])
    for await (const name of held.olderThan(before)) await held.remove(name)
}
