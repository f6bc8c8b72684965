import { counter, counters, gauge, histogram } from './measure.ts'

/**
 * Everything that is measured, in every process: what happens in another one is 0 here, and the sum over all of them is
 * what `/metrics` shows. docs/operate.md says the same in a table.
 */

// Requests.
export const requests = counters('rozmowa_requests_total', 'Requests that were answered.', 'status', [
  ...(['1xx', '2xx', '3xx', '4xx', '5xx', 'hung_up'] as const),
])
export const requestSeconds = histogram(
  'rozmowa_request_seconds',
  'From a request to its answer; of a stream, to its opening.',
)
/** Where a slow request spent most of its time. */
export const slowRequests = counters(
  'rozmowa_slow_requests_total',
  'Requests that took longer than SLOW_MS.',
  'cause',
  ['database', 'process', 'client', 'other'],
)
export const refusedForRate = counter(
  'rozmowa_rate_limited_total',
  'Requests, frames and reads beyond a limit.',
)
export const messages = counters(
  'rozmowa_messages_total',
  'Messages that were to be stored: sent, repeated under the same client_id, or refused.',
  'outcome',
  ['sent', 'repeated', 'refused'],
)

// Streams.
export const streams = gauge<'sse' | 'socket'>(
  'rozmowa_streams',
  'Open streams: of Server-Sent Events, and WebSockets.',
  { label: 'kind' },
)
export const streamsOpened = counters(
  'rozmowa_streams_opened_total',
  'Streams that were opened: new ones, those that were told what they had missed, or to load afresh.',
  'start',
  ['new', 'replayed', 'resync'],
)
export const streamsCut = counter(
  'rozmowa_streams_cut_total',
  'Streams that were cut because their reader did not read.',
)
export const eventsPublished = counter(
  'rozmowa_events_published_total',
  'Events that were handed to the bus.',
)
export const eventsOut = counter('rozmowa_events_out_total', 'Events that were written to streams.')
export const deliverySeconds = histogram(
  'rozmowa_delivery_seconds',
  'From a commit until the change was written to the streams of a worker.',
)
export const gapsFilled = counter(
  'rozmowa_gaps_filled_total',
  'Changes that the bus did not bring, and that were found in the database.',
)
export const failedPolls = counter('rozmowa_polls_failed_total', 'Polls of the database that failed.')
export const cursorAge = gauge(
  'rozmowa_cursor_age_seconds',
  'How far the cursor of streams is behind; some 5 s are normal.',
  { aggregator: 'max' },
)

// What the service depends on.
export const postgresAway = gauge('rozmowa_postgresql_away', '1 while PostgreSQL does not answer a worker.', {
  aggregator: 'max',
})
export const redisAway = gauge('rozmowa_redis_away', '1 while Redis does not answer a worker.', {
  aggregator: 'max',
})
export const poolSize = gauge('rozmowa_pool_size', 'Connections that the processes may open to PostgreSQL.')
export const poolUsed = gauge('rozmowa_pool_used', 'Connections in use.')
export const poolWaiting = gauge('rozmowa_pool_waiting', 'Statements that wait for a connection.')
export const querySeconds = histogram('rozmowa_query_seconds', 'From a statement to its answer.')
/** Why a statement took so long. */
export const slowQueries = counters(
  'rozmowa_slow_queries_total',
  'Statements that took longer than SLOW_MS.',
  'cause',
  ['pool', 'lock', 'disk', 'database', 'process'],
)

// Jobs.
export const jobs = gauge<'due' | 'later' | 'retrying' | 'given_up'>(
  'rozmowa_jobs',
  'Jobs in the queue, as seen by the process that has the turn.',
  { label: 'state', aggregator: 'max' },
)
export const oldestDueJob = gauge('rozmowa_jobs_oldest_due_seconds', 'How long the oldest due job waits.', {
  aggregator: 'max',
})
export const jobsTurn = gauge('rozmowa_jobs_turn', '1 where the jobs of the database are worked on.')
const tasks = [
  ...(['notify', 'mail', 'preview', 'push', 'push_again', 'mentioned', 'votes', 'send_scheduled'] as const),
  ...(['learn_words', 'backup', 'tidy'] as const),
]
export const jobsDone = counters('rozmowa_jobs_done_total', 'Jobs that succeeded.', 'task', tasks)
export const jobsFailed = counters('rozmowa_jobs_failed_total', 'Attempts that failed.', 'task', tasks)
export const mails = counters('rozmowa_mails_total', 'Mails, by what became of them.', 'outcome', [
  ...(['sent', 'logged', 'refused', 'failed'] as const),
])
export const pushes = counters('rozmowa_pushes_total', 'Pushes, by what became of them.', 'outcome', [
  ...(['accepted', 'gone', 'refused', 'later'] as const),
])

// Processes.
export const processes = gauge<'worker' | 'jobs'>('rozmowa_processes', 'Processes that run.', {
  label: 'role',
})
export const crashes = counter('rozmowa_process_crashes_total', 'Processes that crashed and were replaced.')
