import { randomBytes } from 'node:crypto'
import { log } from '../log.ts'
import { redisAway } from '../metrics/measures.ts'
import { type Bus, inProcessBus, type Publisher, type Receiver } from './bus.ts'
import { decode, encode } from './envelope.ts'
import type { BreakingRedis } from './redis-breaker.ts'

/** Of keys ioredis does it by itself; channels are common to all databases of a Redis. */
const channelOf = (redis: BreakingRedis) => `${redis.options.keyPrefix}events`

const report = (error: unknown) => log.warn({ err: error }, 'the bus lost Redis')

const originLength = 8

/** For a process without streams. @param origin which process this is */
export function redisPublisher(redis: BreakingRedis, origin = randomBytes(originLength)): Publisher {
  const channel = channelOf(redis)
  return {
    publish(publication) {
      redis.publish(channel, Buffer.concat([origin, encode(publication)])).catch(report)
    },
  }
}

/**
 * The bus between workers: one channel, which every worker hears. What a worker publishes itself it does not wait for.
 * While Redis is away, that is all it hears.
 *
 * @param redis for publishing; the subscriber is a duplicate of it
 */
export function openRedisBus(redis: BreakingRedis, receiver: Receiver): Bus {
  const channel = channelOf(redis)
  const origin = randomBytes(originLength)
  const [own, others] = [inProcessBus()(receiver), redisPublisher(redis, origin)]
  const subscriber = redis.duplicate({
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
  })
  let [isSubscribed, isHearing] = [false, true]
  redisAway.read = () => ({ all: Number(!isHearing) })
  const reconnect = () => {
    isSubscribed = false
    subscriber.disconnect(true)
  }
  const tell = () => {
    const didHear = isHearing
    isHearing = isSubscribed && !redis.isSilent
    if (isHearing !== didHear) receiver.hears(isHearing)
  }
  subscriber.on('error', report)
  redis.on('lost', reconnect).on('silent', tell).on('answering', tell)
  tell()
  subscriber.on('close', () => {
    isSubscribed = false
    tell()
  })
  subscriber.on('ready', async () => {
    try {
      await subscriber.subscribe(channel)
      isSubscribed = true
      tell()
    } catch (error) {
      report(error)
    }
  })
  subscriber.on('messageBuffer', (_channel: Buffer, message: Buffer) => {
    if (message.compare(origin, 0, originLength, 0, originLength) !== 0)
      receiver.deliver(decode(message.subarray(originLength)))
  })
  return {
    publish(publication) {
      own.publish(publication)
      others.publish(publication)
    },
    async close() {
      redis.off('lost', reconnect).off('silent', tell).off('answering', tell)
      subscriber.removeAllListeners('close').disconnect()
      await own.close()
    },
  }
}
