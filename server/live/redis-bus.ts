import { setTimeout } from 'node:timers/promises'
import { log } from '../log.ts'
import type { Bus, Deliver } from './bus.ts'
import type { BreakingRedis } from './redis-breaker.ts'

/** How long a stream waits for Redis before it opens without. Milliseconds. */
const patience = 500

/**
 * The bus between workers. One subscriber connection serves all streams of a worker; it subscribes to the
 * channel of a user while he has a stream open there, and ioredis subscribes again by itself after a reconnect.
 *
 * @param redis for publishing; the subscriber is a duplicate of it
 * @param wasAway called when the subscriber is back: what was published meanwhile is lost
 */
export function openRedisBus(redis: BreakingRedis, deliver: Deliver, wasAway: () => void): Bus {
  // Of keys ioredis does it by itself; channels are common to all databases of a Redis.
  const prefix = `${redis.options.keyPrefix}user:`
  const subscriber = redis.duplicate({
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  })
  const report = (error: unknown) => log.warn({ err: error }, 'the bus lost Redis')
  subscriber.on('error', report)
  redis.on('lost', () => subscriber.disconnect(true))
  subscriber.once('ready', () => subscriber.on('ready', wasAway))
  subscriber.on('messageBuffer', (channel: Buffer, envelope: Buffer) => {
    deliver(Number(channel.toString('latin1', prefix.length)), envelope)
  })
  return {
    publish(userIds, envelope) {
      const pipeline = redis.pipeline()
      for (const userId of userIds) pipeline.publish(prefix + userId, envelope)
      pipeline.exec().catch(report)
    },
    async listen(userId) {
      // Without Redis a stream lives on what is found in the database, and is subscribed when Redis is back.
      const subscribed = subscriber.subscribe(prefix + userId).catch(report)
      if (!redis.isSilent) await Promise.race([subscribed, setTimeout(patience, undefined, { ref: false })])
    },
    unlisten: (userId) => void subscriber.unsubscribe(prefix + userId).catch(report),
    close: async () => subscriber.disconnect(),
  }
}
