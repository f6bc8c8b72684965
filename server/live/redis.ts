import { once } from 'node:events'
import { Redis } from 'ioredis'
import { log } from '../log.ts'

/** Long enough for a Redis that is starting beside us. */
const patience = 5000

/**
 * A connection that fails at once when Redis is away, rather than letting requests hang: no queue while
 * disconnected, half a second for an answer. It reconnects by itself.
 *
 * @param namespace what every key begins with, see db/history.ts: others may use the same Redis
 */
export async function openRedis(url: string, namespace: string): Promise<Redis> {
  const redis = new Redis(url, {
    keyPrefix: `${namespace}:`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
    connectTimeout: 5000,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
  })
  redis.on('error', (error) => log.warn({ err: error }, 'Redis is away'))
  await ready(redis)
  return redis
}

async function ready(redis: Redis): Promise<void> {
  const deadline = AbortSignal.timeout(patience)
  while (redis.status !== 'ready') {
    // `once` also ends at 'error', and each failed attempt is one.
    await once(redis, 'ready', { signal: deadline }).catch((error: Error) => {
      if (!deadline.aborted) return
      redis.disconnect()
      throw new Error(`REDIS_URL: no Redis answers there: ${error.message}`)
    })
  }
}
