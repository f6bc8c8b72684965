import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startEndingStreams, stopEndingStreams } from './accounts/end-sessions.ts'
import { createApp } from './app.ts'
import { startSweep } from './attachments/sweep.ts'
import { catchUp } from './catchup/catch-up.ts'
import { config } from './config.ts'
import { Breaker } from './db/breaker.ts'
import { closeDatabase, mustTakeWrites, openDatabase, sql } from './db/client.ts'
import { currentHistory } from './db/history.ts'
import { bus, openInProcessBus, useBus } from './live/bus.ts'
import { openRedis } from './live/redis.ts'
import type { BreakingRedis } from './live/redis-breaker.ts'
import { openRedisBus } from './live/redis-bus.ts'
import { openInProcessRoster, openRedisRoster, useRoster } from './live/roster.ts'
import { useSource } from './live/source.ts'
import { closeStreams, deliver, settle, startHeartbeat, userIds } from './live/streams.ts'
import { lookNow, startWatching, stopWatching } from './live/watch.ts'
import { flushDeliveries, followDeliveries } from './messages/delivered.ts'
import { closePresence, openPresence } from './presence/open.ts'
import { closeTyping, openTyping } from './typing/typing.ts'
import { buildAssets } from './web/assets.ts'
import { addHealthCheck } from './web/health.ts'
import { openLimits } from './web/limits.ts'
import { createHttpServer } from './web/server.ts'
import { openSessions } from './web/session.ts'

export interface Worker {
  /** The port it listens on; differs from the configured one when that is 0. */
  port: number
  close(): Promise<void>
}

/**
 * Opens database, bus, sessions and HTTP, in this order; closes them mirrored.
 * @param restored called when the database was restored from a backup: another worker has to take this one's place
 */
export async function startWorker(restored: () => void): Promise<Worker> {
  await openDatabase()
  const breaker = new Breaker(config.databaseUrl!)
  addHealthCheck('postgresql', mustTakeWrites)
  const redis = await connectRedis()
  useBus(redis ? openRedisBus(redis, deliver, lookNow) : openInProcessBus(deliver))
  useRoster(redis ? openRedisRoster(redis) : openInProcessRoster())
  openLimits(redis)
  const sessions = openSessions(redis)
  openPresence(redis)
  openTyping(redis)
  await buildAssets()
  const server = createHttpServer(createApp(sessions))
  useSource(catchUp)
  await startWatching({ userIds, settle, restored })
  await listen(server)
  startHeartbeat()
  startEndingStreams()
  const stopSweep = startSweep()
  followDeliveries()

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      closeTyping()
      closePresence()
      stopEndingStreams()
      closeStreams()
      await stop(server)
      await stopSweep()
      await stopWatching()
      await flushDeliveries()
      await bus.close()
      redis?.disconnect()
      await breaker.close()
      await closeDatabase()
    },
  }
}

async function connectRedis(): Promise<BreakingRedis | undefined> {
  if (!config.redisUrl) return undefined
  const redis = await openRedis(config.redisUrl, await currentHistory(sql))
  addHealthCheck('redis', () => redis.ping())
  return redis
}

/** What is wrong with the port; else it is the address. */
const ofPort = new Set(['EADDRINUSE', 'EACCES'])

async function listen(server: Server): Promise<void> {
  server.listen(config.port, config.host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${ofPort.has(error.code ?? '') ? 'PORT' : 'HOST'}: cannot listen on ${config.host}:${config.port}: ${error.code}`,
    )
  })
}

/** Takes no more requests and lets running ones finish; who has not within 8 s is cut off. */
async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  // Or a proxy would go on sending requests on a connection that is never idle, until it is cut off.
  server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'))
  server.close()
  server.closeIdleConnections()
  const patience = setTimeout(() => server.closeAllConnections(), 8000)
  await closed
  clearTimeout(patience)
}
