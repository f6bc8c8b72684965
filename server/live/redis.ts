import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { log } from '../log.ts'
import { BreakingRedis } from './redis-breaker.ts'

/** Long enough for a Redis that is starting beside us. */
const startTimeoutMs = 5000

/**
 * A connection that fails at once when Redis is away, rather than letting requests hang: no queue while
 * disconnected, half a second for the first answer that is missing. It reconnects by itself.
 *
 * @param namespace what every key begins with, see db/history.ts: others may use the same Redis
 * @throws Error with one line that says why there is none
 */
export async function openRedis(url: string, namespace: string): Promise<BreakingRedis> {
  const redis = new BreakingRedis(url, {
    keyPrefix: `${namespace}:`,
    enableOfflineQueue: false,
    // What is sent in one turn of the event loop leaves in one write.
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
    connectTimeout: 5000,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
  })
  let last: Error | undefined
  redis.on('error', (error) => {
    last = error
    log.warn({ err: error }, 'Redis is away')
  })
  const isReady = await becomesReady(redis)
  // ioredis goes on without a database that is not there, in the first one.
  const why = !isReady || isRefusal(last) ? last?.message : await findMisfit(redis)
  if (isReady && !why) return redis
  redis.disconnect()
  throw new Error(
    `REDIS_URL: no Redis can be used there: ${why ?? `no answer in ${startTimeoutMs / 1000} s`}`,
  )
}

/** Keys of one command would lie on several nodes, and each but one would refuse it. */
async function findMisfit(redis: Redis): Promise<string | undefined> {
  const info = await redis.info().catch((error: Error) => error.message)
  if (/^cluster_enabled:1/m.test(info))
    return 'it is part of a cluster, which is not supported: name a single Redis'
  if (/^role:slave/m.test(info)) return 'it is a replica, which takes no writes: name its primary'
  // A Redis user without the right to run INFO may still use the rest.
  return info.includes('redis_version:') || info.startsWith('NOPERM') ? undefined : info
}

const isRefusal = (error: Error | undefined) =>
  /^ERR (?:DB index|invalid DB index)/.test(error?.message ?? '')

async function becomesReady(redis: Redis): Promise<boolean> {
  const deadline = AbortSignal.timeout(startTimeoutMs)
  // `once` also ends at 'error', and each failed attempt is one.
  while (redis.status !== 'ready' && !deadline.aborted)
    await once(redis, 'ready', { signal: deadline }).catch(() => {})
  return redis.status === 'ready'
}
