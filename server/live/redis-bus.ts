import { setTimeout } from 'node:timers/promises'
import { log } from '../log.ts'
import type { Bus, Publisher, Receiver } from './bus.ts'
import type { BreakingRedis } from './redis-breaker.ts'

/** How long a stream waits for Redis before it opens without. */
const subscribeTimeoutMs = 500

/** Of keys ioredis does it by itself; channels are common to all databases of a Redis. */
const channelPrefix = (redis: BreakingRedis) => `${redis.options.keyPrefix}user:`

const report = (error: unknown) => log.warn({ err: error }, 'the bus lost Redis')

/** For a process without streams. */
export function redisPublisher(redis: BreakingRedis): Publisher {
  const prefix = channelPrefix(redis)
  return {
    publish(userIds, envelope) {
      const pipeline = redis.pipeline()
      for (const userId of userIds) pipeline.publish(prefix + userId, envelope)
      pipeline.exec().catch(report)
    },
  }
}

/**
 * The bus between workers, a channel for each user. One subscriber connection serves all streams of a worker. While
 * Redis is away it is sent nothing, for that would pile up; once connected it subscribes to everything at once.
 *
 * @param redis for publishing; the subscriber is a duplicate of it
 */
export function openRedisBus(redis: BreakingRedis, { deliver, reconnected }: Receiver): Bus {
  const prefix = channelPrefix(redis)
  const subscriber = redis.duplicate({
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  })
  const channels = new Set<string>()
  let connected = Promise.withResolvers<void>()
  const reconnect = () => subscriber.disconnect(true)
  subscriber.on('error', report)
  redis.on('lost', reconnect)
  let connections = 0
  subscriber.on('ready', async () => {
    if (channels.size > 0) await subscriber.subscribe(...channels).catch(report)
    connected.resolve()
    if (connections++) reconnected()
  })
  subscriber.on('close', () => {
    connected.resolve()
    connected = Promise.withResolvers()
  })
  subscriber.on('messageBuffer', (channel: Buffer, envelope: Buffer) => {
    deliver(Number(channel.toString('latin1', prefix.length)), envelope)
  })
  return {
    ...redisPublisher(redis),
    async subscribe(userId) {
      channels.add(prefix + userId)
      // Without Redis a stream lives on what is found in the database, and is subscribed when Redis is back.
      const isReady = subscriber.status === 'ready'
      const subscribed = isReady ? subscriber.subscribe(prefix + userId).catch(report) : connected.promise
      if (!redis.isSilent)
        await Promise.race([subscribed, setTimeout(subscribeTimeoutMs, undefined, { ref: false })])
    },
    unsubscribe(userId) {
      channels.delete(prefix + userId)
      if (subscriber.status === 'ready') subscriber.unsubscribe(prefix + userId).catch(report)
    },
    async close() {
      redis.off('lost', reconnect)
      subscriber.disconnect()
    },
  }
}
