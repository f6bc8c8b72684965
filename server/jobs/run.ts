import type { Span } from '@opentelemetry/api'
import { Logger, run, type TaskList } from 'graphile-worker'
import { config } from '../config.ts'
import { within } from '../context.ts'
import { jobsSchema } from '../db/places.ts'
import { openPool } from '../db/pool.ts'
import { primaryOf } from '../db/primary.ts'
import { harmlessText, log } from '../log.ts'
import { tracer } from '../metrics/traces.ts'
import { measureJobs } from './measure.ts'
import type { Handlers } from './tasks.ts'
import { takeTurn } from './turn.ts'

const { backupDir, backupAt } = config

/** What comes by the clock, in UTC. */
const schedule: Partial<Record<keyof Handlers, string>> = {
  tidy: '17 3 * * * tidy ?max=3',
  ...(backupDir && {
    backup: `${backupAt.minute} ${backupAt.hour} * * * backup ?max=10&fill=20h&jobKey=backup`,
  }),
  learn_words: '* * * * * learn_words ?max=3&jobKey=learn_words&queue=learn_words',
}

/** What nobody here can do would only wait. */
const crontabOf = (handlers: Handlers): string =>
  Object.entries(schedule)
    .filter(([task]) => task in handlers)
    .map(([, line]) => line)
    .join('\n')

/** Each with the lines that are logged for it, and a span of its own. */
const tasksOf = (handlers: Handlers): TaskList =>
  Object.fromEntries(
    Object.entries(handlers).map(([task, handle]) => [
      task,
      (payload, { job: { id } }) => {
        const work = (span?: Span) =>
          within({ requestId: `job:${task}:${id}`, span }, () => handle(payload as never))
        return tracer ? tracer.traceJob(task, id, work) : work()
      },
    ]),
  )

export interface Jobs {
  /** Waits for running jobs. */
  close(): Promise<void>
}

/**
 * Runs the jobs of a database, as soon as no other process does.
 * @param lost called when it cannot go on: another process may be running the jobs by now
 */
export async function startJobs(address: string, handlers: Handlers, lost: () => void): Promise<Jobs> {
  const url = await primaryOf(address)
  const turn = await takeTurn(url, lost)
  const pool = await openPool(url, 10)
  const runner = await run({
    pgPool: pool,
    schema: jobsSchema,
    taskList: tasksOf(handlers),
    crontab: crontabOf(handlers),
    concurrency: 8,
    // Sending a message leaves its job without a notification; see leave_job() in drizzle/0006_notifications.sql.
    pollInterval: 500,
    preset: { worker: { localQueue: { size: 8 } } },
    noHandleSignals: true,
    logger,
  }).catch((error) => turn.end().then(() => Promise.reject(error)))
  const unmeasured = measureJobs(runner)
  let isClosing = false
  const ended = runner.promise.catch((error) => log.error({ err: error }, 'the jobs stopped'))
  ended.then(() => !isClosing && lost())
  const watch = url === address ? undefined : setInterval(() => leaveOld(address, url, lost), watchMs)
  return {
    async close() {
      isClosing = true
      unmeasured()
      clearInterval(watch)
      await runner.stop()
      await pool.end()
      await turn.end()
    },
  }
}

/** How often it looks whether another server has taken over: one that is frozen closes no connection. */
const watchMs = 5000

const leaveOld = (address: string, url: string, lost: () => void) =>
  primaryOf(address).then(
    (primary) => primary !== url && lost(),
    () => {},
  )

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

/** graphile-worker logs every job at level info, which is too much for an administrator. */
const logger = new Logger((scope) => (level, message) => log[levels[level]](scope, harmlessText(message)))
