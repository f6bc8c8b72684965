import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openInProcessTyping } from './in-process-register.ts'

const typist = { conversationId: 7, userId: 1 }
const other = { conversationId: 7, userId: 2 }
const open = () => openInProcessTyping({ stopsAfter: 3000, publishEvery: 1000, sweepEvery: 1000 })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const after = (ms: number) => vi.advanceTimersByTime(ms)

test('typing is published at most once a second', async () => {
  const register = open()
  expect(await register.start(typist)).toBe(true)
  after(999)
  expect(await register.start(typist)).toBe(false)
  expect(await register.start(other)).toBe(true)
  after(1)
  expect(await register.start(typist)).toBe(true)
})

test('typing without an update stops after three seconds, and is swept once', async () => {
  const register = open()
  await register.start(typist)
  after(500)
  await register.start(typist)
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
  await register.start(typist)
  after(1000)
  await register.start(other)
  expect((await register.sweep()).next).toBe(2000)
  after(2000)
  const { stopped, next } = await register.sweep()
  expect(stopped).toMatchObject([typist])
  expect(next).toBe(1000)
})

test('a stopped typist does not stop again, and is published again only after a second', async () => {
  const register = open()
  await register.start(typist)
  expect(await register.stop(typist)).toBe(true)
  expect(await register.stop(typist)).toBe(false)
  expect(await register.stop(other)).toBe(false)
  after(500)
  await register.sweep()
  expect(await register.start(typist)).toBe(false)
  after(3000)
  expect((await register.sweep()).stopped).toEqual([])
  expect(await register.start(typist)).toBe(true)
})
