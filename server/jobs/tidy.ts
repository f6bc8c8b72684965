import { sql } from '../db/client.ts'

/** Takes away the queues that no job is in: each that ever was leaves a row behind. */
export async function tidyQueues(): Promise<void> {
  await sql`
    delete from rozmowa_jobs._private_job_queues q
    where q.locked_at is null
      and not exists (select from rozmowa_jobs._private_jobs j where j.job_queue_id = q.id)`
}
