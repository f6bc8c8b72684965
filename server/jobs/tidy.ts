import { sql } from '../db/client.ts'

/**
 * Deletes jobs that were given up a month ago, jobs superseded by a newer one, and empty queues, each of which leaves a
 * row behind.
 */
export async function tidyJobs(): Promise<void> {
  await sql`
    delete from rozmowa_jobs._private_jobs
    where locked_at is null and attempts >= max_attempts
      and (run_at < now() - interval '30 days' or key is null and job_queue_id is not null)`
  await sql`
    delete from rozmowa_jobs._private_job_queues q
    where q.locked_at is null
      and not exists (select from rozmowa_jobs._private_jobs j where j.job_queue_id = q.id)`
}
