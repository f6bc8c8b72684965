import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from './config.ts'

/** Where it is kept when SESSION_SECRET is not set. */
export const secretFile = join(config.dataDir, 'session-secret')

/** SESSION_SECRET, or one generated at the first start and kept in DATA_DIR, so that a restart signs no one out. */
export async function sessionSecret(): Promise<string> {
  if (config.sessionSecret) return config.sessionSecret
  await mkdir(config.dataDir, { recursive: true })
  // Written only when there is none, then read: of two processes at once, both get the same.
  await writeFile(secretFile, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch(
    unlessExists,
  )
  // A variable is one line, though somebody may have written one key below the other.
  return (await readFile(secretFile, 'utf8')).trim().split(/\s+/).join(' ')
}

function unlessExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
