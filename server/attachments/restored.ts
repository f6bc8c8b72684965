import { readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config.ts'
import { sql } from '../db/client.ts'
import { currentHistory } from '../db/history.ts'

/** A file beside the attachments that names their history; it is as old as that history is here. */
const path = join(config.dataDir, 'history')
const maxDoubtMs = 7 * 24 * 60 * 60 * 1000

/**
 * Whether the database has had another history than the files for less than a week. A restored backup does not know
 * the newest files, and a newer backup may still turn up.
 */
export async function isRestoredLately(): Promise<boolean> {
  const [known, current] = await Promise.all([
    readFile(path, 'utf8').catch(() => undefined),
    currentHistory(sql),
  ])
  if (known !== current) await writeFile(path, current)
  if (known === undefined) await utimes(path, 0, 0)
  const { mtimeMs } = await stat(path)
  return Date.now() - mtimeMs < maxDoubtMs
}
