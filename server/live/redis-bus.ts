import { randomBytes } from 'node:crypto'
import { log } from '../log.ts'
import { redisAway } from '../metrics/measures.ts'
import { type Bus, inProcessBus, type Publisher, type Receiver } from './bus.ts'
import { decode, encode } from './envelope.ts'
import type { RedisConnection } from './redis-connection.ts'

/** Of this installation alone: connections put its namespace before it. */
const channel = 'events'

const report = (error: unknown) => log.warn({ err: error }, 'the bus lost Redis')

const originLength = 8

/** For a process without streams. @param origin which process this is */
export function redisPublisher(redis: RedisConnection, origin = randomBytes(originLength)): Publisher {
  return {
    publish(publication) {
      redis.publishTo(channel, Buffer.concat([origin, encode(publication)])).catch(report)
    },
  }
}

/**
 * The bus between workers: one channel, which every worker hears. What a worker publishes itself it does not wait for.
 * While Redis is away, that is all it hears.
 *
 * @param redis for publishing; the subscriber has a connection of its own
 */
export function openRedisBus(redis: RedisConnection, receiver: Receiver): Bus {
  const origin = randomBytes(originLength)
  const [own, others] = [inProcessBus()(receiver), redisPublisher(redis, origin)]
  const { subscriber, event, subscribe } = redis.listenTo(channel)
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
      await subscribe()
      isSubscribed = true
      tell()
    } catch (error) {
      report(error)
      // The channel has moved to another node.
      if ((error as Error).message.startsWith('MOVED')) subscriber.disconnect(true)
    }
  })
  subscriber.on(event, (_channel: Buffer, message: Buffer) => {
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
