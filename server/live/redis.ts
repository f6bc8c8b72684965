import { once } from 'node:events'
import { Redis } from 'ioredis'
import { log } from '../log.ts'

/**
 * A connection that fails at once when Redis is away, rather than letting requests hang: no queue while
 * disconnected, half a second for an answer. It reconnects by itself.
 */
export async function openRedis(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
    connectTimeout: 5000,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
  })
  redis.on('error', (error) => log.warn({ err: error }, 'Redis is away'))
  await once(redis, 'ready', { signal: AbortSignal.timeout(10_000) })
  return redis
}
