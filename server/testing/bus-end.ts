import { expect } from 'vitest'
import type { Receiver } from '../live/bus.ts'
import { type Publication, publicationOf, signal } from '../live/envelope.ts'
import type { RedisConnection } from '../live/redis-connection.ts'

/** One worker's end of the bus, and what it hears. */
export interface BusEnd {
  redis: RedisConnection
  heard: Publication[]
  isHearing: boolean
  publish(publication: Publication): void
  close(): Promise<void>
}

export async function openBusEnd(url: string, namespace = 'test'): Promise<BusEnd> {
  const { openRedis } = await import('../live/redis.ts')
  const { openRedisBus } = await import('../live/redis-bus.ts')
  const redis = await openRedis(url, namespace)
  const heard: Publication[] = []
  const receiver: Receiver = {
    deliver: (publication) => void heard.push(publication),
    hears(isHearing) {
      end.isHearing = isHearing
    },
  }
  const end = { redis, heard, isHearing: true, publish: (_: Publication) => {}, close: async () => {} }
  const bus = openRedisBus(redis, receiver)
  return Object.assign(end, {
    publish: bus.publish,
    async close() {
      await bus.close()
      redis.disconnect()
    },
  })
}

export const newsFor = (...userIds: number[]) => publicationOf(userIds, signal('resync', {}))

/** Publishes until it is heard. The other one says something, too, as each worker does every second: so it notices silence. */
export async function expectToHear(from: BusEnd, to: BusEnd, userId: number): Promise<void> {
  const isHeard = () => {
    from.publish(newsFor(userId))
    to.publish(newsFor(0))
    return to.heard.some(({ parts }) => parts[0]!.userIds.includes(userId))
  }
  await expect.poll(isHeard, { timeout: 20_000, interval: 200 }).toBe(true)
}
