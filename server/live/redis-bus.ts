import { setTimeout } from 'node:timers/promises'
import { log } from '../log.ts'
import type { Bus, Deliver } from './bus.ts'
import type { BreakingRedis } from './redis-breaker.ts'

/** How long a stream waits for Redis before it opens without. Milliseconds. */
const patience = 500

/**
 * The bus between workers. One subscriber connection serves all streams of a worker; it subscribes to the
 * channel of a user while he has a stream open there. While Redis is away it is asked for nothing, for that would pile
 * up; once connected it subscribes to all that is listened to then.
 *
 * @param redis for publishing; the subscriber is a duplicate of it
 * @param wasAway called when the subscriber is back: what was published meanwhile is lost
 */
export function openRedisBus(redis: BreakingRedis, deliver: Deliver, wasAway: () => void): Bus {
  // Of keys ioredis does it by itself; channels are common to all databases of a Redis.
  const prefix = `${redis.options.keyPrefix}user:`
  const subscriber = redis.duplicate({
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  })
  const listened = new Set<string>()
  let connected = Promise.withResolvers<void>()
  const report = (error: unknown) => log.warn({ err: error }, 'the bus lost Redis')
  subscriber.on('error', report)
  redis.on('lost', () => subscriber.disconnect(true))
  let times = 0
  subscriber.on('ready', async () => {
    if (listened.size > 0) await subscriber.subscribe(...listened).catch(report)
    connected.resolve()
    if (times++) wasAway()
  })
  subscriber.on('close', () => {
    connected.resolve()
    connected = Promise.withResolvers()
  })
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
      listened.add(prefix + userId)
      // Without Redis a stream lives on what is found in the database, and is subscribed when Redis is back.
      const isReady = subscriber.status === 'ready'
      const subscribed = isReady ? subscriber.subscribe(prefix + userId).catch(report) : connected.promise
      if (!redis.isSilent) await Promise.race([subscribed, setTimeout(patience, undefined, { ref: false })])
    },
    unlisten(userId) {
      listened.delete(prefix + userId)
      if (subscriber.status === 'ready') subscriber.unsubscribe(prefix + userId).catch(report)
    },
    close: async () => subscriber.disconnect(),
  }
}
