import { afterAll, expect, test } from 'vitest'
import type { TypingRegister, Typist } from './register.ts'

const { openRedis } = await import('../live/redis.ts')
const { openInProcessTyping } = await import('./in-process-register.ts')
const { openRedisTyping } = await import('./redis-register.ts')

const durations = { stopsAfter: 300, publishEvery: 100, sweepEvery: 50 }

/** The registers of two workers; without Redis there is one. */
async function openTwo(): Promise<[TypingRegister, TypingRegister]> {
  const url = process.env.REDIS_URL
  if (!url) {
    const register = openInProcessTyping(durations)
    return [register, register]
  }
  const connections = await Promise.all([openRedis(url, 'test'), openRedis(url, 'test')])
  afterAll(() => {
    for (const redis of connections) redis.disconnect()
  })
  return connections.map((redis) => openRedisTyping(redis, durations)) as [TypingRegister, TypingRegister]
}

const [one, other] = await openTwo()
let conversationId = 1
const newTypist = (): Typist => ({ conversationId: conversationId++, userId: 1 })

/** Sweeps as both workers do, until a stop is found. @returns every stop, repeats included */
async function untilStopped(): Promise<Typist[]> {
  for (;;) {
    const swept = await Promise.all([one.sweep(), other.sweep(), one.sweep(), other.sweep()])
    const stopped = swept.flatMap((each) => each.stopped)
    if (stopped.length > 0) return stopped.map(({ conversationId, userId }) => ({ conversationId, userId }))
  }
}

test('two workers publish one start, and one stop', async () => {
  const typist = newTypist()
  expect(await Promise.all([one.start(typist), other.start(typist)])).toEqual([true, false])
  expect(await untilStopped()).toEqual([typist])
  expect(await other.sweep()).toEqual({ stopped: [], next: undefined })
})

test('typing that goes on at another worker is not stopped by the first', async () => {
  const typist = newTypist()
  const start = performance.now()
  await one.start(typist)
  await expect.poll(async () => (await one.sweep()).next, { interval: 10 }).toBeLessThan(100)
  await other.start(typist)
  const last = performance.now()
  expect(await untilStopped()).toEqual([typist])
  expect(performance.now() - last).toBeGreaterThan(durations.stopsAfter - 20)
  expect(last - start).toBeGreaterThan(150)
})

test('a stop that one worker takes is not taken again', async () => {
  const typist = newTypist()
  await one.start(typist)
  expect(await Promise.all([one.stop(typist), other.stop(typist)])).toEqual([true, false])
  expect(await other.sweep()).toEqual({ stopped: [], next: undefined })
})

test('starting again too early to be published is not a stop either', async () => {
  const typist = newTypist()
  await one.start(typist)
  await other.stop(typist)
  expect(await other.start(typist)).toBe(false)
  expect(await one.sweep()).toEqual({ stopped: [], next: undefined })
})
