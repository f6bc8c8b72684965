import { afterAll, expect, test } from 'vitest'
import type { RedisConnection } from '../live/redis-connection.ts'
import type { TypingRegister, Typist } from './register.ts'

const { openRedis } = await import('../live/redis.ts')
const { openInProcessTyping } = await import('./in-process-register.ts')
const { openRedisTyping } = await import('./redis-register.ts')

const lasts = 300

let redis: RedisConnection | undefined

/** The registers of two workers; without Redis there is one. */
async function openTwo(publishEvery: number): Promise<[TypingRegister, TypingRegister]> {
  const durations = { publishEvery }
  const url = process.env.REDIS_URL
  if (!url) {
    const register = openInProcessTyping(durations)
    return [register, register]
  }
  const connections = await Promise.all([openRedis(url, 'test'), openRedis(url, 'test')])
  afterAll(() => {
    for (const each of connections) each.disconnect()
  })
  redis = connections[0]
  return connections.map((each) => openRedisTyping(each, durations)) as [TypingRegister, TypingRegister]
}

const [one, other] = await openTwo(100)
/** With whom it is too early for another event throughout a test. */
const [quietOne, quietOther] = await openTwo(60_000)
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
  expect(await Promise.all([one.start(typist, lasts), other.start(typist, lasts)])).toEqual([true, false])
  expect(await untilStopped()).toEqual([typist])
  expect(await other.sweep()).toEqual({ stopped: [], next: undefined })
})

test('typing that goes on at another worker is not stopped by the first', async () => {
  const typist = newTypist()
  const start = performance.now()
  await one.start(typist, lasts)
  await expect.poll(async () => (await one.sweep()).next, { interval: 10 }).toBeLessThan(100)
  await other.start(typist, lasts)
  const last = performance.now()
  expect(await untilStopped()).toEqual([typist])
  expect(performance.now() - last).toBeGreaterThan(lasts - 20)
  expect(last - start).toBeGreaterThan(150)
})

test('a stop that one worker takes is not taken again', async () => {
  const typist = newTypist()
  await one.start(typist, lasts)
  expect(await Promise.all([one.stop(typist), other.stop(typist)])).toEqual([true, false])
  expect(await other.sweep()).toEqual({ stopped: [], next: undefined })
})

test('starting again too early to be published is not a stop either', async () => {
  const typist = newTypist()
  await quietOne.start(typist, lasts)
  await quietOther.stop(typist)
  expect(await quietOther.start(typist, 60_000)).toBe(false)
  expect(await quietOne.sweep()).toEqual({ stopped: [], next: undefined })
  expect(await quietOne.typistsAmong(typist.conversationId, [1])).toEqual([1])
  expect(await quietOne.stop(typist)).toBe(false)
  expect(await quietOther.typistsAmong(typist.conversationId, [1])).toEqual([])
})

test('who began again too early is published with their next call, and stops once', async () => {
  const typist = newTypist()
  await one.start(typist, lasts)
  await other.stop(typist)
  const start = performance.now()
  await one.start(typist, 3 * lasts)
  await expect.poll(() => other.start(typist, lasts), { interval: 20 }).toBe(true)
  expect(await untilStopped()).toEqual([typist])
  expect(performance.now() - start).toBeGreaterThan(3 * lasts - 30)
  expect(await other.typistsAmong(typist.conversationId, [1])).toEqual([])
})

test('who began again too early, and says no more, types no longer after a while', async () => {
  const typist = newTypist()
  await quietOne.start(typist, lasts)
  await quietOther.stop(typist)
  await quietOne.start(typist, lasts)
  await expect.poll(() => quietOther.typistsAmong(typist.conversationId, [1])).toEqual([])
  expect(await quietOne.sweep()).toEqual({ stopped: [], next: undefined })
})

test('both workers find those who type in a conversation, among those they ask for', async () => {
  const here = conversationId++
  const [anna, bartek, celina] = [1, 2, 3].map((userId) => ({ conversationId: here, userId })) as [
    Typist,
    Typist,
    Typist,
  ]
  const elsewhere = newTypist()
  await one.start(anna, 60_000)
  await other.start(bartek, 60_000)
  await other.start(elsewhere, 60_000)
  for (const register of [one, other]) {
    expect((await register.typistsAmong(here, [3, 2, 1])).toSorted()).toEqual([1, 2])
    expect(await register.typistsAmong(here, [1])).toEqual([1])
    expect(await register.typistsAmong(conversationId + 1, [1, 2])).toEqual([])
  }
  await other.stop(bartek)
  expect(await one.typistsAmong(here, [1, 2])).toEqual([1])
  await one.start(celina, lasts)
  // Also while nobody sweeps.
  await expect.poll(() => other.typistsAmong(here, [1, 2, 3])).toEqual([1])
  for (const typist of [anna, elsewhere]) await one.stop(typist)
  expect(await untilStopped()).toEqual([celina])
})

test('a call counts for as long as the longest of both workers said', async () => {
  const typist = newTypist()
  const start = performance.now()
  await one.start(typist, 2 * lasts)
  await other.start(typist, lasts)
  expect(await untilStopped()).toEqual([typist])
  expect(performance.now() - start).toBeGreaterThan(2 * lasts - 20)
})

if (process.env.REDIS_URL)
  test('nothing is kept in Redis of those who have stopped', async () => {
    const [shown, quiet] = [newTypist(), newTypist()]
    for (const typist of [shown, quiet]) await quietOne.start(typist, 1000)
    await quietOne.stop(quiet)
    await quietOne.start(quiet, 1000)
    const kept = () => redis!.exists('{typing}:typists', '{typing}:quiet')
    expect(await kept()).toBe(2)
    await expect.poll(async () => [await quietOther.sweep(), await kept()][1]).toBe(0)
  })
