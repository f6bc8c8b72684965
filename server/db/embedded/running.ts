import { existsSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { openPostgres } from '../address.ts'

/**
 * The address of the embedded PostgreSQL that a running service has started on `dataDir`.
 * @returns undefined when none runs there; 'none' when there never was one
 */
export async function findRunning(dataDir: string): Promise<string | 'none' | undefined> {
  const link = join(dataDir, 'postgres')
  if (!existsSync(join(link, 'cluster', 'PG_VERSION'))) return 'none'
  const home = await realpath(link)
  const lock = await readFile(join(home, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '')
  const port = lock.split('\n')[3]
  if (!port) return undefined
  const password = (await readFile(join(home, 'password'), 'utf8')).trim()
  const url = `postgres://rozmowa:${password}@127.0.0.1:${port}/rozmowa`
  return (await answers(url)) ? url : undefined
}

/** The lock file of a server that was killed is left behind, and its port may be another's by now. */
async function answers(url: string): Promise<boolean> {
  const sql = openPostgres(url, { max: 1, connect_timeout: 3, onnotice: () => {} })
  return sql`select 1`
    .then(
      () => true,
      () => false,
    )
    .finally(() => sql.end({ timeout: 1 }))
}
