import type { Connection } from '../db/client.ts'
import type { Task, Tasks } from './tasks.ts'

export interface When {
  /** Only one job with a key waits; it has the latest payload and, but for `at`, the first one's time. */
  key?: string
  /** Jobs in one queue run one after the other. */
  queue?: string
  /** Seconds from now. */
  delay?: number
  /** ISO 8601: at that time, also where a job with the same key has another. */
  at?: string
  /** How often it is tried; 25 by default. */
  attempts?: number
  /** Lower numbers run first; 0 by default. */
  priority?: number
}

/**
 * Enqueues a job for the jobs process. With the connection of a transaction, the job exists only if that commits. SQL
 * may call `rozmowa_jobs.add_job` itself.
 */
export async function enqueue<T extends Task>(
  db: Connection,
  task: T,
  payload: Tasks[T],
  { key, queue, delay = 0, at, attempts, priority = 0 }: When = {},
): Promise<void> {
  await db`
    select rozmowa_jobs.add_job(${task}, ${JSON.stringify(payload)}::text::json, queue_name => ${queue ?? null},
      run_at => coalesce(${at ?? null}::timestamptz, now() + make_interval(secs => ${delay})), max_attempts => ${attempts ?? null}, job_key => ${key ?? null},
      priority => ${priority}, job_key_mode => ${at ? 'replace' : 'preserve_run_at'})`
}
