import { afterAll, expect, test } from 'vitest'
import type { Change, Register } from './register.ts'

const { openRedis } = await import('../live/redis.ts')
const { openInProcessRegister } = await import('./in-process-register.ts')
const { openRedisRegister } = await import('./redis-register.ts')
const { durations: standard } = await import('./durations.ts')

const durations = { ...standard, ttl: 300, grace: 100 }
const redisUrl = process.env.REDIS_URL

/** The registers of two workers; without Redis there is one. */
async function openTwo(): Promise<[Register, Register]> {
  if (!redisUrl) {
    const register = openInProcessRegister(durations)
    return [register, register]
  }
  const connections = await Promise.all([openRedis(redisUrl, 'test'), openRedis(redisUrl, 'test')])
  afterAll(() => {
    for (const redis of connections) redis.disconnect()
  })
  return connections.map((redis) => openRedisRegister(redis, durations)) as [Register, Register]
}

const [one, other] = await openTwo()
let userId = 1
const phone = { session: 'phone', stream: '1' }
const laptop = { session: 'laptop', stream: '2' }

/** Sweeps as both workers do, until something is announced. @returns every announcement, repeats included */
async function untilAnnounced(): Promise<Change[]> {
  for (;;) {
    const swept = await Promise.all([one.sweep(), other.sweep(), one.sweep(), other.sweep()])
    if (swept.flat().length > 0) return swept.flat()
  }
}

test('two devices at two workers make one arrival and one departure', async () => {
  const id = userId++
  const came = await Promise.all([one.arrive(id, phone, 'yes'), other.arrive(id, laptop, 'yes')])
  expect(came.filter(Boolean)).toMatchObject([{ userId: id, status: 'online' }])
  expect(await one.find([id])).toMatchObject([{ status: 'online' }])
  await one.leave(id, phone)
  expect(await other.find([id])).toMatchObject([{ status: 'online' }])
  await other.leave(id, laptop)
  expect(await untilAnnounced()).toMatchObject([{ userId: id, status: 'offline', seen: expect.any(Number) }])
  expect(await one.find([id])).toMatchObject([{ status: 'offline' }])
})

test('users left behind by a crashed worker expire, and one of the others announces it', async () => {
  const ids = [userId++, userId++, userId++]
  const start = performance.now()
  for (const id of ids) await one.arrive(id, phone, 'yes')
  const announced: number[] = []
  while (announced.length < ids.length)
    announced.push(...(await untilAnnounced()).map((change) => change.userId))
  expect(announced.toSorted()).toEqual(ids)
  expect(performance.now() - start).toBeGreaterThan(durations.ttl - 20)
  expect(await other.sweep()).toEqual([])
})

test('a heartbeat speaks for the devices of its session, whichever worker they are at', async () => {
  const id = userId++
  await one.know(id, phone)
  await one.know(id, laptop)
  expect(await one.find([id])).toMatchObject([{ status: 'offline' }])
  expect(await other.beat(id, 'phone', 'yes', durations.ttl)).toMatchObject({ status: 'online' })
  expect(await one.leave(id, laptop)).toBeUndefined()
  const start = performance.now()
  await one.leave(id, phone)
  expect(await untilAnnounced()).toMatchObject([{ userId: id, status: 'offline' }])
  expect(performance.now() - start).toBeLessThan(durations.ttl - 50)
})

test('more users than one step takes expire together', async () => {
  const ids = Array.from({ length: 250 }, () => userId++)
  await Promise.all(ids.map((id) => one.arrive(id, phone, 'yes')))
  const announced: Change[] = []
  while (announced.length < ids.length) announced.push(...(await untilAnnounced()))
  expect(new Set(announced.map((change) => change.userId))).toEqual(new Set(ids))
  expect(announced).toHaveLength(ids.length)
})
