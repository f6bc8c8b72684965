import type { ISql } from 'postgres'
import { openPostgres } from '../db/address.ts'
import { locks } from '../db/locks.ts'

/** Ends the process that runs the database's jobs, which is replaced: it knows tasks by numbers that are others now. */
export const endTurn = (db: ISql) => db`
  select pg_terminate_backend(pid) from pg_locks
  where locktype = 'advisory' and granted and classid = 0 and objid = ${locks.jobs} and objsubid = 1
    and database = (select oid from pg_database where datname = current_database())`

/**
 * Waits until this is the only process that runs the database's jobs, and then unlocks the jobs of its predecessor:
 * graphile-worker keeps those of a killed process locked for four hours.
 *
 * @param lost called when the connection that holds the lock is gone, and another process may have taken over
 */
export async function takeTurn(url: string, lost: () => void): Promise<{ end(): Promise<void> }> {
  let isWanted = true
  const sql = openPostgres(url, {
    max: 1,
    onnotice: () => {},
    // postgres.js must not replace the connection after some time, which would lose the lock.
    max_lifetime: null,
    connection: {
      application_name: 'rozmowa-jobs',
      // Noticed even when it vanishes without a pending query.
      tcp_user_timeout: 30_000,
    },
    keep_alive: 15,
    onclose: () => isWanted && lost(),
  })
  const end = () => {
    isWanted = false
    return sql.end({ timeout: 1 })
  }
  try {
    await sql`select pg_advisory_lock(${locks.jobs})`
    await sql`
      select rozmowa_jobs.force_unlock_workers(array(
        select locked_by from rozmowa_jobs._private_jobs where locked_by is not null
        union select locked_by from rozmowa_jobs._private_job_queues where locked_by is not null))`
  } catch (error) {
    await end()
    throw error
  }
  return { end }
}
