import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEndingStreams } from './accounts/end-sessions.ts'
import { createApp } from './app.ts'
import { startSweep } from './attachments/sweep.ts'
import { catchUp } from './catchup/catch-up.ts'
import { config } from './config.ts'
import { Breaker } from './db/breaker.ts'
import { closeDatabase, mustTakeWrites, openDatabase, sql } from './db/client.ts'
import { currentHistory } from './db/history.ts'
import { inProcessBus, type Receiver } from './live/bus.ts'
import { type Live, openLive } from './live/live.ts'
import { publishThrough } from './live/publish.ts'
import { openRedis } from './live/redis.ts'
import { openRedisBus } from './live/redis-bus.ts'
import type { RedisConnection } from './live/redis-connection.ts'
import { openInProcessRoster, openRedisRoster } from './live/roster.ts'
import { log } from './log.ts'
import { followDeliveries } from './messages/delivered.ts'
import { startTraces } from './metrics/traces.ts'
import { openPresence, startPresence } from './presence/open.ts'
import { openTyping } from './typing/typing.ts'
import { buildAssets } from './web/assets.ts'
import { addHealthCheck } from './web/health.ts'
import { openLimits } from './web/limits.ts'
import { createHttpServer } from './web/server.ts'

export interface Worker {
  /** The port it listens on; another than the configured one when that is 0. */
  port: number
  live: Live
  close(): Promise<void>
}

/**
 * Opens database, bus and HTTP, in this order; closes them in reverse order, even when one cannot be opened.
 * @param restored called when the database was restored from a backup, and this worker has to be replaced
 * @throws Error with one line that says what cannot be opened
 */
export async function startWorker(restored: () => void): Promise<Worker> {
  const opened = new AsyncDisposableStack()
  const close = () => opened.disposeAsync()
  try {
    return { ...(await open(opened, restored)), close }
  } catch (error) {
    await close().catch((err) => log.warn({ err }, 'closing a worker that failed to open failed'))
    throw error
  }
}

async function open(opened: AsyncDisposableStack, restored: () => void): Promise<Omit<Worker, 'close'>> {
  opened.defer(await startTraces())
  await openDatabase()
  opened.defer(closeDatabase)
  opened.adopt(new Breaker(config.databaseUrl!), (breaker) => breaker.close())
  addHealthCheck('postgresql', mustTakeWrites)
  const redis = await connectRedis()
  opened.defer(() => redis?.disconnect())
  openLimits(redis)
  const live = await openLive({
    bus: redis ? (receiver: Receiver) => openRedisBus(redis, receiver) : inProcessBus(),
    roster: redis ? openRedisRoster(redis) : openInProcessRoster(),
    source: catchUp,
    restored,
  })
  opened.defer(() => live.close())
  opened.defer(publishThrough(live))
  opened.defer(followDeliveries(live))
  openPresence(redis)
  opened.defer(openTyping(redis))
  opened.defer(startSweep())
  await buildAssets()
  const server = createHttpServer(createApp(live))
  await listen(server)
  opened.defer(() => stop(server))
  // The server closes only when the last stream has ended.
  opened.defer(() => live.endStreams())
  opened.defer(startEndingStreams(live))
  opened.defer(startPresence(live))
  return { port: (server.address() as AddressInfo).port, live }
}

async function connectRedis(): Promise<RedisConnection | undefined> {
  if (!config.redisUrl) return undefined
  const redis = await openRedis(config.redisUrl, await currentHistory(sql))
  addHealthCheck('redis', () => redis.ping())
  return redis
}

/** Errors about the port; others are about the address. */
const portErrors = new Set(['EADDRINUSE', 'EACCES'])

async function listen(server: Server): Promise<void> {
  server.listen(config.port, config.host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${portErrors.has(error.code ?? '') ? 'PORT' : 'HOST'}: cannot listen on ${config.host}:${config.port}: ${error.code}`,
    )
  })
}

/** Less than the supervisor waits for a process. */
const maxDrainMs = 8000
/**
 * How long idle connections stay open: a proxy that is just sending on one cannot know whether the request was taken, and
 * would not repeat a POST. Those it uses are closed by their answers meanwhile.
 */
const lullMs = 250

/** Accepts no more requests, and waits for running ones until the deadline. */
async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  // Otherwise a proxy would go on sending requests on a connection that is never idle.
  server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'))
  NetServer.prototype.close.call(server)
  await sleep(lullMs)
  server.closeIdleConnections()
  const timeout = setTimeout(() => server.closeAllConnections(), maxDrainMs)
  await closed
  clearTimeout(timeout)
}
