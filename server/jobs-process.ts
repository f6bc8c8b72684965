import { setTimeout as sleep } from 'node:timers/promises'
import { compactMemory } from './compact.ts'
import { config } from './config.ts'
import { closeDatabase, openDatabase, sql } from './db/client.ts'
import { currentHistory } from './db/history.ts'
import { runForked } from './forked.ts'
import { startJobs } from './jobs/run.ts'
import type { Handlers } from './jobs/tasks.ts'
import { forkedPublisher } from './live/forked-bus.ts'
import { publishThrough } from './live/publish.ts'
import { openRedis } from './live/redis.ts'
import { redisPublisher } from './live/redis-bus.ts'
import type { RedisConnection } from './live/redis-connection.ts'
import { log } from './log.ts'
import { tellMeasures } from './metrics/all.ts'
import { processes } from './metrics/measures.ts'
import { startTraces } from './metrics/traces.ts'
import { askingRegister } from './presence/asked.ts'
import { useRegister } from './presence/register.ts'

/** The handler of each task, loaded for its first job: an idle process need not hold what reads pages and posts mails. */
const handlers: Handlers = {
  notify: async (payload) => (await import('./notifications/decide.ts')).decide(payload),
  mail: async (payload) => (await import('./notifications/mail.ts')).mail(payload),
  preview: async (payload) => (await import('./previews/preview.ts')).previewMessage(payload),
  push: async (payload) => (await import('./push/push.ts')).push(payload),
  push_again: async (payload) => (await import('./push/again.ts')).pushAgain(payload),
  mentioned: async (payload) => {
    await (await import('./notifications/mentioned.ts')).mailMentioned(payload)
    await (await import('./push/mentioned.ts')).pushMentioned(payload)
  },
  votes: async ({ message_id }) => (await import('./polls/publish.ts')).publishVotes(message_id),
  send_scheduled: async (payload) => (await import('./scheduled/send.ts')).sendScheduled(payload),
  learn_words: async () => (await import('./search/learn.ts')).learnWords(),
  backup: async () => (await import('./backup/scheduled.ts')).scheduledBackup(),
  tidy: async () => (await import('./tidy.ts')).tidy(),
}

async function start(opened: AsyncDisposableStack): Promise<void> {
  processes.read = () => ({ jobs: 1 })
  tellMeasures()
  opened.defer(await startTraces())
  while (!(await isThere())) await sleep(1000)
  opened.defer(closeDatabase)
  opened.defer(openPublisher())
  useRegister(askingRegister())
  const lost = () => crash(new Error('the connection was lost'))
  opened.adopt(await startJobs(config.directUrl!, handlers, lost), (jobs) => jobs.close())
  await compactMemory()
}

/**
 * Opens the publisher for changes made by jobs, without waiting for Redis: until it is there, workers find the changes
 * in the database.
 * @returns closes it
 */
function openPublisher(): () => void {
  const undo = publishThrough(forkedPublisher)
  let redis: RedisConnection | undefined
  let retry: NodeJS.Timeout | undefined
  const connect = async () => {
    try {
      redis = await openRedis(config.redisUrl!, await currentHistory(sql))
      publishThrough(redisPublisher(redis))
    } catch {
      retry = setTimeout(connect, 1000)
    }
  }
  if (config.redisUrl) void connect()
  return () => {
    clearTimeout(retry)
    redis?.disconnect()
    undo()
  }
}

const isThere = (): Promise<boolean> =>
  openDatabase().then(
    () => true,
    (error) => {
      log.warn({ err: error }, 'jobs are waiting for the database')
      return closeDatabase().then(() => false)
    },
  )

/** Running jobs may not be done: the next process runs them again. */
function crash(error: Error): void {
  log.error({ err: error }, 'the jobs process crashed')
  process.exit(1)
}

/**
 * The process that runs jobs. It is ready at once: where several services share a database, one runs the jobs and the
 * others stand by, and while the database is away it waits.
 */
await runForked(async () => {
  const opened = new AsyncDisposableStack()
  // Being closed while it starts is not a failure.
  start(opened).catch((error) => opened.disposed || crash(error))
  return { close: () => opened.disposeAsync() }
})
