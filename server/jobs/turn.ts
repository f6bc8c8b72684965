import { openPostgres } from '../db/address.ts'

/** Any number will do that nothing else in the database asks for. */
const lock = 0x526f7a6e

/**
 * Waits until this is the only process that works on the database's jobs, and then frees the jobs of the one before
 * it: graphile-worker leaves those of a killed process locked for four hours, for it cannot know.
 *
 * @param lost called when another may have taken the turn: the connection that held it is gone
 */
export async function takeTurn(url: string, lost: () => void): Promise<{ end(): Promise<void> }> {
  let isWanted = true
  const sql = openPostgres(url, {
    max: 1,
    onnotice: () => {},
    // A connection that postgres.js exchanges for a fresh one from time to time would lose the lock.
    max_lifetime: null,
    connection: {
      application_name: 'rozmowa-jobs',
      // Also when it vanishes while an answer is on its way to it: then nothing is asked.
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
    await sql`select pg_advisory_lock(${lock})`
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
