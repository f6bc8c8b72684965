import type postgres from 'postgres'
import type { Connection } from './client.ts'
import { locks } from './locks.ts'

/**
 * Says that a backup is being made, as long as the connection lives.
 * @returns false when another one is
 */
export async function beginBackup(client: postgres.Sql): Promise<boolean> {
  const [row] = await client<[{ isMine: boolean }]>`select pg_try_advisory_lock(${locks.backup}) as "isMine"`
  return row.isMine
}

export async function isBackingUp(db: Connection): Promise<boolean> {
  const [row] = await db<[{ found: boolean }]>`
    select exists (
      select from pg_locks where locktype = 'advisory' and classid = 0 and objid = ${locks.backup} and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())) as found`
  return row.found
}
