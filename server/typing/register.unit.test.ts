import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openInProcessTyping } from './in-process-register.ts'

const typist = { conversationId: 7, userId: 1 }
const other = { conversationId: 7, userId: 2 }
const open = () => openInProcessTyping({ publishEvery: 1000 })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const after = (ms: number) => vi.advanceTimersByTime(ms)

test('typing is published at most once a second', async () => {
  const register = open()
  expect(await register.start(typist, 3000)).toBe(true)
  after(999)
  expect(await register.start(typist, 3000)).toBe(false)
  expect(await register.start(other, 3000)).toBe(true)
  after(1)
  expect(await register.start(typist, 3000)).toBe(true)
})

test('typing without an update stops after the time it was given, and is swept once', async () => {
  const register = open()
  await register.start(typist, 3000)
  after(500)
  await register.start(typist, 3000)
  after(2999)
  expect(await register.sweep()).toEqual({ stopped: [], next: 1 })
  after(1)
  const { stopped, next } = await register.sweep()
  expect(stopped).toMatchObject([typist])
  expect(next).toBeUndefined()
  expect(await register.sweep()).toEqual({ stopped: [], next: undefined })
})

test('the next sweep is due when the first of them stops', async () => {
  const register = open()
  await register.start(typist, 3000)
  after(1000)
  await register.start(other, 3000)
  expect((await register.sweep()).next).toBe(2000)
  after(2000)
  const { stopped, next } = await register.sweep()
  expect(stopped).toMatchObject([typist])
  expect(next).toBe(1000)
})

test('a stopped typist does not stop again, and is published again only after a second', async () => {
  const register = open()
  await register.start(typist, 3000)
  expect(await register.stop(typist)).toBe(true)
  expect(await register.stop(typist)).toBe(false)
  expect(await register.stop(other)).toBe(false)
  after(500)
  await register.sweep()
  expect(await register.start(typist, 3000)).toBe(false)
  after(3000)
  expect((await register.sweep()).stopped).toEqual([])
  expect(await register.start(typist, 3000)).toBe(true)
})

test.each<[what: string, calls: [afterMs: number, lastsMs: number][], stopsAtMs: number]>([
  ['one call lasts as long as it says', [[0, 10_000]], 10_000],
  [
    'a shorter one of another device takes nothing away',
    [
      [0, 10_000],
      [2000, 3000],
    ],
    10_000,
  ],
  [
    'nor does one that comes too early to be published',
    [
      [0, 10_000],
      [500, 3000],
    ],
    10_000,
  ],
  [
    'a longer one prolongs it',
    [
      [0, 3000],
      [2000, 10_000],
    ],
    12_000,
  ],
  [
    'also when it comes too early to be published',
    [
      [0, 3000],
      [500, 10_000],
    ],
    10_500,
  ],
])('%s', async (_, calls, stopsAtMs) => {
  const register = open()
  let now = 0
  for (const [afterMs, lastsMs] of calls) {
    after(afterMs)
    now += afterMs
    await register.start(typist, lastsMs)
  }
  after(stopsAtMs - now - 1)
  expect(await register.typistsAmong(7, [1, 2])).toEqual([1])
  expect(await register.sweep()).toEqual({ stopped: [], next: 1 })
  after(1)
  expect(await register.typistsAmong(7, [1, 2])).toEqual([])
  expect((await register.sweep()).stopped).toMatchObject([typist])
})
