import { readFile, rename, writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Sql } from 'postgres'
import { config } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { secretFile } from '../secret.ts'
import { keysIn } from '../settings/secret-keys.ts'
import { Stop } from '../terminal/stop.ts'
import { filesFolder, secretName } from './archive.ts'
import { openPatiently } from './connection.ts'
import { Placed } from './files.ts'
import { loadDatabase, refuseUnknown } from './load.ts'
import { lastMigration } from './migrations.ts'
import { type Contents, readArchive } from './read.ts'
import { foreignTables } from './tables.ts'

export interface Restored extends Contents {
  /** Whether the service has to be started with another secret, or everybody signs in again. */
  hasOtherSecret: boolean
}

/** Reads a backup from front to back, and changes nothing. @throws Stop when it cannot be restored by this program */
export async function checkBackup(path: string, passphrase: string | undefined): Promise<Contents> {
  const contents = (await readArchive(path, passphrase))!
  await refuseUnknown(contents)
  return contents
}

/**
 * Puts a backup in place: files first, as one too many is harmless, then all rows at once. Open pages load afresh.
 * @param replaces whether what the database holds may go
 * @throws Stop or Error; then database and files are as they were
 */
export async function restoreBackup(
  url: string,
  path: string,
  passphrase: string | undefined,
  replaces: boolean,
): Promise<Restored> {
  const contents = await checkBackup(path, passphrase)
  const sql = openPatiently(url, 'rozmowa-restore')
  try {
    await refuseOccupied(sql, replaces)
    await migrate(url)
    await lastMigration(sql)
    const secret = await putInPlace(sql, path, passphrase, contents)
    await migrate(url)
    await sql`vacuum analyze`
    return { ...contents, hasOtherSecret: await keepSecret(secret) }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function refuseOccupied(sql: Sql, replaces: boolean): Promise<void> {
  const foreign = await foreignTables(sql)
  if (foreign.length > 0)
    throw new Stop(
      `the database has tables that are not Rozmowa's (${foreign.slice(0, 3).join(', ')}): restore it as a whole from a dump of its own, or set DATABASE_URL to an empty one`,
    )
  const [there] = await sql<[{ name: string | null }]>`select to_regclass('public.conversations') as name`
  if (replaces || !there.name) return
  const [row] = await sql<[{ isUsed: boolean }]>`
    select exists (select from users) or exists (select from conversations) as "isUsed"`
  if (row.isUsed)
    throw new Stop('the database is not empty; with --replace the backup takes the place of what it holds')
}

/** @returns the secret of the backup */
async function putInPlace(
  sql: Sql,
  path: string,
  passphrase: string | undefined,
  contents: Contents,
): Promise<string> {
  const placed = new Placed()
  let secret = ''
  try {
    await readArchive(path, passphrase, async (entry) => {
      if (entry.name === secretName) secret = (await buffer(entry.content)).toString()
      if (entry.name.startsWith(filesFolder)) await placed.place(entry)
      return undefined
    })
    await unlessDeadlocked(() => loadDatabase(sql, path, passphrase, contents))
  } catch (error) {
    await placed.undo()
    throw error
  }
  return secret
}

/** A running service may hold one of the tables and wait for another: then one of both is given up. */
async function unlessDeadlocked(load: () => Promise<void>, attempts = 10): Promise<void> {
  return load().catch((error: { code?: string }) => {
    if (error.code !== '40P01' || attempts === 1) throw error
    return unlessDeadlocked(load, attempts - 1)
  })
}

/** @returns whether SESSION_SECRET, which is not ours to change, is another one */
async function keepSecret(secret: string): Promise<boolean> {
  if (config.sessionSecret) return !config.sessionKeys.some((key) => key === keysIn(secret)[0])
  if ((await readFile(secretFile, 'utf8').catch(() => '')).trim() === secret) return false
  const written = `${secretFile}.restored`
  await writeFile(written, secret, { mode: 0o600, flush: true })
  await rename(written, secretFile)
  return false
}
