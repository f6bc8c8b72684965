import type { Runner } from 'graphile-worker'
import { sql } from '../db/client.ts'
import { lookUpBefore } from '../metrics/measure.ts'
import { jobs, jobsDone, jobsFailed, jobsTurn, oldestDueJob } from '../metrics/measures.ts'

/** The queue is counted no more often, however many ask. */
const minAgeMs = 5000

interface Depth {
  due: number
  later: number
  retrying: number
  given_up: number
  oldest: number
}

const none: Depth = { due: 0, later: 0, retrying: 0, given_up: 0, oldest: 0 }
let hasTurn = false
let depth = none
let countedAt = 0

/** Counts what the jobs process does while it has the turn, and what is left to do. @returns to be called when it has not */
export function measureJobs({ events }: Runner): () => void {
  events.on('job:success', ({ job }) => count(jobsDone, job.task_identifier))
  events.on('job:error', ({ job }) => count(jobsFailed, job.task_identifier))
  hasTurn = true
  return () => {
    hasTurn = false
  }
}

function count(counts: Record<string, { value: number }>, task: string): void {
  const known = counts[task]
  if (known) known.value++
}

jobsTurn.read = () => ({ all: Number(hasTurn) })
jobs.read = () => {
  const { oldest: _, ...states } = depth
  return hasTurn ? states : {}
}
oldestDueJob.read = () => (hasTurn ? { all: depth.oldest } : {})

lookUpBefore(async () => {
  if (!hasTurn || Date.now() - countedAt < minAgeMs) return
  countedAt = Date.now()
  // While the database is away, what was last known of it stands.
  depth = await countJobs().catch(() => depth)
})

/** Those being worked on are due, but do not wait; in a queue, they wait for the one before them. */
async function countJobs(): Promise<Depth> {
  const [row] = await sql<[Depth]>`
    select count(*) filter (where not failed and run_at <= now()) as due,
      count(*) filter (where not failed and run_at > now()) as later,
      count(*) filter (where failed and attempts < max_attempts) as retrying,
      count(*) filter (where failed and attempts >= max_attempts) as given_up,
      coalesce(extract(epoch from now() - min(run_at) filter (where not failed and not running and run_at <= now())), 0)::float8 as oldest
    from (select run_at, attempts, max_attempts, last_error is not null as failed, locked_at is not null as running
      from rozmowa_jobs._private_jobs
      -- A job in a queue that has lost its key is superseded.
      where key is not null or job_queue_id is null) j`
  return row
}
