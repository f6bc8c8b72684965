import { afterAll, expect, test } from 'vitest'
import { startRedis } from '../testing/redis.ts'
import { type Publication, publicationOf, signal } from './envelope.ts'

process.env.LOG_LEVEL = 'silent'
const { openRedis } = await import('./redis.ts')
const { openRedisBus, redisPublisher } = await import('./redis-bus.ts')

const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

/** One worker's end of the bus, and what it hears. */
async function openEnd(url: string, namespace = 'test') {
  const redis = await openRedis(url, namespace)
  ends.push(() => redis.disconnect())
  const heard: Publication[] = []
  const end = { redis, heard, hears: [] as boolean[] }
  const bus = openRedisBus(redis, {
    deliver: (publication) => void heard.push(publication),
    hears: (isHearing) => void end.hears.push(isHearing),
  })
  ends.push(() => bus.close())
  return Object.assign(end, { bus })
}

const news = (...userIds: number[]) => publicationOf(userIds, signal('resync', {}))
const listening = async (url: string, count: number) => {
  const redis = await openRedis(url, 'observer')
  ends.push(() => redis.disconnect())
  await expect.poll(async () => (await redis.pubsub('NUMSUB', 'test:events'))[1]).toBe(count)
}

test('every worker hears once what one of them, or a process without streams, publishes; others hear nothing', async () => {
  const { url } = await startRedis()
  const [one, two, stranger] = [await openEnd(url), await openEnd(url), await openEnd(url, 'other')]
  await listening(url, 2)
  one.bus.publish(news(1))
  redisPublisher(one.redis).publish(news(2))
  await expect.poll(() => two.heard).toEqual([news(1), news(2)])
  await expect.poll(() => one.heard).toEqual([news(1), news(2)])
  expect(stranger.heard).toEqual([])
})

test('while Redis is away a worker hears itself, and everybody again afterwards', async () => {
  const first = await startRedis()
  const [one, two] = [await openEnd(first.url), await openEnd(first.url)]
  await listening(first.url, 2)
  await first.stop()
  await expect.poll(() => one.redis.status).not.toBe('ready')
  one.bus.publish(news(1))
  await expect.poll(() => one.heard).toEqual([news(1)])
  expect(two.heard).toEqual([])
  const until = (isHearing: boolean) => [false, true, ...(isHearing ? [false, true] : [false])]
  await expect.poll(() => [one.hears, two.hears]).toEqual([until(false), until(false)])

  const second = await startRedis({ port: first.port })
  ends.push(() => second.stop())
  await expect.poll(() => [one.hears, two.hears], { timeout: 10_000 }).toEqual([until(true), until(true)])
  await expect.poll(() => one.redis.status, { timeout: 10_000 }).toBe('ready')
  one.bus.publish(news(2))
  await expect.poll(() => two.heard).toEqual([news(2)])
}, 30_000)

test('a worker knows that a Redis that does not answer brings nothing', async () => {
  const server = await startRedis()
  ends.push(() => server.stop())
  const { redis, bus, hears } = await openEnd(server.url)
  await listening(server.url, 1)
  process.kill(server.pid, 'SIGSTOP')
  bus.publish(news(1))
  await expect.poll(() => hears).toEqual([false, true, false])
  process.kill(server.pid, 'SIGCONT')
  await expect
    .poll(() => [hears, redis.isSilent], { timeout: 10_000 })
    .toEqual([[false, true, false, true], false])
}, 30_000)
