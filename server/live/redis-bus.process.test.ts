import { afterAll, expect, test } from 'vitest'
import { startRedis } from '../testing/redis.ts'

process.env.LOG_LEVEL = 'silent'
const { openRedis } = await import('./redis.ts')
const { openRedisBus } = await import('./redis-bus.ts')

const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.toReversed()) await end()
})

test('streams that come and go while Redis is away leave nothing behind, and the others are subscribed again', async () => {
  const first = await startRedis()
  const redis = await openRedis(first.url, 'test')
  ends.push(() => redis.disconnect())
  const heard = new Set<number>()
  let back = 0
  const bus = openRedisBus(redis, {
    deliver: (userId) => heard.add(userId),
    reconnected: () => back++,
  })
  ends.push(() => bus.close())
  await bus.subscribe(1)
  await bus.subscribe(2)
  await first.stop()
  await expect.poll(() => redis.status).not.toBe('ready')

  const coming = Array.from({ length: 1000 }, (_, i) => bus.subscribe(100 + i))
  for (let i = 0; i < 999; i++) bus.unsubscribe(100 + i)
  bus.unsubscribe(2)
  await Promise.all(coming)
  const second = await startRedis({ port: first.port })
  ends.push(() => second.stop())
  await expect.poll(() => back, { timeout: 10_000 }).toBe(1)
  await expect.poll(() => redis.status, { timeout: 10_000 }).toBe('ready')

  bus.publish([1, 2, 100, 1098, 1099], Buffer.from('news'))
  await expect.poll(() => [...heard].sort((a, b) => a - b)).toEqual([1, 1099])
  const stats = await redis.info('commandstats')
  expect(stats.match(/cmdstat_(un)?subscribe:calls=\d+/g)).toEqual(['cmdstat_subscribe:calls=1'])
}, 30_000)
