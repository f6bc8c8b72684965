import { once } from 'node:events'
import type { RedisOptions } from 'ioredis'
import { log } from '../log.ts'
import { parseRedisUrl } from '../settings/redis-url.ts'
import { BreakingCluster } from './redis-cluster.ts'
import { BreakingRedis, type RedisConnection } from './redis-connection.ts'

/** Long enough for a Redis that is starting beside us. */
const startTimeoutMs = 5000
const retryStrategy = (times: number) => Math.min(50 * 2 ** times, 1000)

/**
 * A connection that fails at once when Redis is away, rather than letting requests hang: no queue while
 * disconnected, half a second for the first answer that is missing. It reconnects by itself, and follows a fail-over.
 *
 * @param namespace what every key begins with, see db/history.ts: others may use the same Redis
 * @throws Error with one line that says why there is none
 */
export async function openRedis(url: string, namespace: string): Promise<RedisConnection> {
  const redis = connect(url, namespace)
  let last: Error | undefined
  redis.on('error', (error) => {
    last = error
    log.warn({ err: error }, 'Redis is away')
  })
  const isReady = await becomesReady(redis)
  // ioredis goes on without a database that is not there, in the first one.
  const why = !isReady || isRefusal(last) ? reasonOf(last) : await findMisfit(redis)
  if (isReady && !why) return redis
  redis.disconnect()
  throw new Error(
    `REDIS_URL: no Redis can be used there: ${why ?? `no answer in ${startTimeoutMs / 1000} s`}`,
  )
}

function connect(url: string, namespace: string): RedisConnection {
  const keyPrefix = `${namespace}:`
  const each = {
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
    connectTimeout: 5000,
    keepAlive: 10_000,
  } satisfies RedisOptions
  // What is sent in one turn of the event loop leaves in one write.
  const all = { keyPrefix, enableOfflineQueue: false, enableAutoPipelining: true }
  const address = parseRedisUrl(url)
  if (address.kind === 'single') return new BreakingRedis(address.url, { ...all, ...each, retryStrategy })
  const { kind, hosts, username, password } = address
  const credentials = { ...(username && { username }), ...(password && { password }) }
  if (kind === 'sentinel')
    return new BreakingRedis({
      ...{ ...all, ...each, ...credentials, retryStrategy },
      sentinels: hosts,
      name: address.master,
      db: address.db,
      ...(address.own.username && { sentinelUsername: address.own.username }),
      ...(address.own.password && { sentinelPassword: address.own.password }),
      sentinelCommandTimeout: 500,
      sentinelRetryStrategy: retryStrategy,
    })
  const ofNodes = { ...each, ...credentials }
  return new BreakingCluster(hosts, ofNodes, {
    ...all,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshInterval: 5000,
    // A request waits for little more than a redirection: a fail-over takes longer than anybody should wait.
    maxRedirections: 4,
    retryDelayOnFailover: 20,
    retryDelayOnClusterDown: 20,
    retryDelayOnTryAgain: 20,
  })
}

/** Of several, what the last one said. */
function reasonOf(error: (Error & { lastNodeError?: Error }) | undefined): string | undefined {
  const said = (error?.lastNodeError ?? error)?.message.replace(/^All sentinels.* Last error: /, '')
  if (said === 'Connection is closed.') return 'nothing there takes connections'
  return said?.includes('No such master') ? 'the Sentinels know no master of this name' : said
}

/** In a Redis of a Cluster, keys of one command would lie on several nodes, and each but one would refuse it. */
async function findMisfit(redis: RedisConnection): Promise<string | undefined> {
  const info = await redis.info().catch((error: Error) => error.message)
  if (!redis.isCluster && /^cluster_enabled:1/m.test(info))
    return 'it is part of a Cluster: begin the address with redis+cluster://'
  if (!redis.isCluster && /^role:slave/m.test(info))
    return 'it is a replica, which takes no writes: name its primary'
  // A Redis user without the right to run INFO may still use the rest.
  return info.includes('redis_version:') || info.startsWith('NOPERM') ? undefined : info
}

const isRefusal = (error: Error | undefined) =>
  /^ERR (?:DB index|invalid DB index)/.test(error?.message ?? '')

async function becomesReady(redis: RedisConnection): Promise<boolean> {
  const deadline = AbortSignal.timeout(startTimeoutMs)
  // `once` also ends at 'error', and each failed attempt is one.
  while (redis.status !== 'ready' && !deadline.aborted)
    await once(redis, 'ready', { signal: deadline }).catch(() => {})
  return redis.status === 'ready'
}
