import { existsSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Sql } from 'postgres'
import { removeHeld } from '../attachments/held.ts'
import { beginBackup } from '../db/backup-lock.ts'
import { log } from '../log.ts'
import { sessionSecret } from '../secret.ts'
import { Stop } from '../terminal/stop.ts'
import { type End, secretName } from './archive.ts'
import { openPatiently } from './connection.ts'
import { dumpDatabase } from './dump.ts'
import { dumpFiles } from './files.ts'
import { ArchiveWriter } from './write.ts'

export type Made = Omit<End, 'sha256'>

/**
 * Writes a backup: rows as of one moment, then the files they reference, while members go on. A file that is deleted
 * meanwhile is held back for it; one too many is harmless, one too few is not.
 * @throws Stop or Error; then there is no file of that name
 */
export async function makeBackup(url: string, path: string, passphrase: string | undefined): Promise<Made> {
  await refusePath(path)
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  const sql = openPatiently(url, 'rozmowa-backup', () =>
    lost.reject(new Error('the connection to the database was lost')),
  )
  try {
    if (!(await beginBackup(sql))) throw new Stop('another backup is being made')
    try {
      return await write(sql, new ArchiveWriter(path, passphrase), lost.promise)
    } finally {
      // The backup is whole without it, and the service does it within the hour.
      await removeHeld().catch((err) => log.warn({ err }, 'what was held for a backup is still there'))
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function refusePath(path: string): Promise<void> {
  if (existsSync(path)) throw new Stop(`${path} is there already`)
  await access(dirname(path), constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw new Stop(`${dirname(path)} cannot be written to: ${error.code}`)
  })
}

async function write(sql: Sql, archive: ArchiveWriter, lost: Promise<never>): Promise<Made> {
  try {
    const { rows, sequences, files } = await dumpDatabase(sql, archive)
    await archive.add(secretName, await sessionSecret())
    // Without the connection, what members delete is not held back any more.
    const copied = await Promise.race([dumpFiles(files, archive), lost])
    const made = { rows, sequences, ...copied }
    await archive.finish(made)
    return made
  } catch (error) {
    await archive.discard()
    throw error
  }
}
