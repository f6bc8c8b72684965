import { afterAll, expect, test } from 'vitest'
import { openInProcessRoster, openRedisRoster, type Roster } from './roster.ts'

/** The rosters of two workers; without Redis there is one. */
async function openTwo(): Promise<[Roster, Roster]> {
  const url = process.env.REDIS_URL
  if (!url) {
    const roster = openInProcessRoster()
    return [roster, roster]
  }
  const { openRedis } = await import('./redis.ts')
  const connections = await Promise.all([openRedis(url, 'test'), openRedis(url, 'test')])
  afterAll(() => {
    for (const redis of connections) redis.disconnect()
  })
  return connections.map((redis) => openRedisRoster(redis)) as [Roster, Roster]
}

const [one, other] = await openTwo()
const names = Array.from({ length: 13 }, (_, i) => `stream ${i}`)
/** Redis distinguishes streams of the same millisecond by their names alone. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 2))

test('ten streams stay, at whatever workers; each further one evicts the oldest, once', async () => {
  const gone: string[][] = []
  for (const [i, name] of names.entries()) {
    gone.push(await (i % 2 ? one : other).enter(1, name))
    await pause()
  }
  expect(gone).toEqual([...Array(10).fill([]), ['stream 0'], ['stream 1'], ['stream 2']])
})

test('closing a stream makes room for another, and users are counted separately', async () => {
  for (const name of names.slice(0, 10)) {
    expect(await one.enter(2, name)).toEqual([])
    await pause()
  }
  expect(await one.enter(3, 'theirs')).toEqual([])
  other.leave(2, 'stream 4')
  other.leave(2, 'nobody’s')
  await pause()
  expect(await one.enter(2, 'stream 10')).toEqual([])
  expect(await one.enter(2, 'stream 11')).toEqual(['stream 0'])
  for (const name of names) one.leave(2, name)
  await pause()
  expect(await other.enter(2, 'again')).toEqual([])
})

if (process.env.REDIS_URL)
  test('entries of a crashed worker expire, but not before a day is over', async () => {
    const { openRedis } = await import('./redis.ts')
    const redis = await openRedis(process.env.REDIS_URL!, 'test')
    const before = new Set(await redis.keys('*{streams}:*'))
    await one.enter(4, 'stream')
    const [key] = (await redis.keys('*{streams}:*')).filter((each) => !before.has(each))
    const seconds = await redis.ttl(key!.slice(redis.options.keyPrefix?.length ?? 0))
    expect(seconds).toBeGreaterThan(23 * 60 * 60)
    expect(seconds).toBeLessThanOrEqual(24 * 60 * 60)
    redis.disconnect()
  })
