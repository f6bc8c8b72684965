import { sql } from '../db/client.ts'

export interface Job {
  id: number
  task: string
  payload: Record<string, unknown>
  /** How often it was tried. */
  attempts: number
  max_attempts: number
  /** The error of the last attempt. */
  error: string | null
  run_at: string
  created_at: string
  is_running: boolean
}

/**
 * Jobs whose last attempt failed, those given up first. With `all`, also waiting ones. A job in a queue that has lost its
 * key is left out: a newer one with that key does its work.
 */
export const listJobs = ({ all, limit }: { all: boolean; limit: number }) => sql<Job[]>`
  select j.id, t.identifier as task, j.payload, j.attempts, j.max_attempts, j.last_error as error, j.run_at, j.created_at,
    j.locked_at is not null as is_running
  from rozmowa_jobs._private_jobs j join rozmowa_jobs._private_tasks t on t.id = j.task_id
  where (${all} or j.last_error is not null) and (j.key is not null or j.job_queue_id is null)
  order by j.attempts >= j.max_attempts desc, j.run_at, j.id
  limit ${limit}`
