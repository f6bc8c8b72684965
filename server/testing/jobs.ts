import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '../db/client.ts'
import { startJobs } from '../jobs/run.ts'
import type { Handlers } from '../jobs/tasks.ts'

/** Does what there is to do, as if every grace, and every pause after a failure, were over. */
export async function workOff(handlers: Partial<Handlers>): Promise<void> {
  await sql`update rozmowa_jobs._private_jobs set run_at = now()`
  const jobs = await startJobs(process.env.DATABASE_URL!, handlers as Handlers, () => {})
  while (await isBusy()) await sleep(20)
  await jobs.close()
}

const isBusy = async (): Promise<boolean> =>
  (
    await sql`
      select from rozmowa_jobs._private_jobs
      where locked_at is not null or attempts < max_attempts and run_at <= now() limit 1`
  ).length > 0

/** How many jobs wait or are to be tried again. */
export const jobsLeft = async (): Promise<number> =>
  (await sql`select from rozmowa_jobs._private_jobs where attempts < max_attempts`).length
