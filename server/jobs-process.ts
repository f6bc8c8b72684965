import { setTimeout as sleep } from 'node:timers/promises'
import { config } from './config.ts'
import { tidyConversations } from './conversations/tidy.ts'
import { closeDatabase, openDatabase, sql } from './db/client.ts'
import { currentHistory } from './db/history.ts'
import { runForked } from './forked.ts'
import { type Jobs, startJobs } from './jobs/run.ts'
import type { Handlers } from './jobs/tasks.ts'
import { tidyJobs } from './jobs/tidy.ts'
import { useBus } from './live/bus.ts'
import { openForkedBus } from './live/forked-bus.ts'
import { openRedis } from './live/redis.ts'
import { openRedisBus } from './live/redis-bus.ts'
import { log } from './log.ts'
import { decide } from './notifications/decide.ts'
import { mail } from './notifications/mail.ts'
import { tidyNotifications } from './notifications/tidy.ts'
import { tidyPictures } from './previews/pictures.ts'
import { previewMessage } from './previews/preview.ts'
import { tidySessions } from './web/postgres-store.ts'

/** Who handles which task. */
const handlers: Handlers = {
  notify: decide,
  mail,
  preview: previewMessage,
  tidy: async () => {
    await tidyJobs()
    await tidyNotifications()
    await tidyPictures()
    await tidySessions()
    await tidyConversations()
  },
}

let jobs: Jobs | undefined

async function start(): Promise<void> {
  while (!(await isThere())) await sleep(1000)
  openBus()
  jobs = await startJobs(config.databaseUrl!, handlers, () => fall(new Error('the connection was lost')))
}

/** To tell of what a job changes. Nobody waits for it: what is not told, workers find in the database. */
function openBus(): void {
  const nobody = () => {}
  useBus(openForkedBus())
  if (!config.redisUrl) return
  const opened = currentHistory(sql).then((history) => openRedis(config.redisUrl!, history))
  opened.then(
    (redis) => useBus(openRedisBus(redis, nobody, nobody)),
    () => setTimeout(openBus, 1000),
  )
}

const isThere = (): Promise<boolean> =>
  openDatabase().then(
    () => true,
    (error) => {
      log.warn({ err: error }, 'the jobs wait for the database')
      return closeDatabase().then(() => false)
    },
  )

/** What it was doing is not known to be done: its successor does it again. */
function fall(error: Error): void {
  log.error({ err: error }, 'the jobs process falls')
  process.exit(1)
}

/**
 * The process that works on jobs. It counts as ready at once: where several services share a database, one works on
 * the jobs and the others stand by, and when the database is away it waits for it.
 */
await runForked(async () => {
  const starting = start()
  starting.catch(fall)
  return {
    async close() {
      await jobs?.close()
      await closeDatabase()
    },
  }
})
