import { expect, test, vi } from 'vitest'
import type { Cursor } from './cursor.ts'
import { Poller } from './poller.ts'
import type { Changed, Poll, Source } from './source.ts'

test('a user who comes during a poll gets what it missed from the next one', async () => {
  const advanced: number[] = []
  let committed = 0
  let users: number[] = []
  let duringThePoll = () => {}
  const source = {
    async changedSince(since: { xmin: bigint } | undefined, userIds: number[]) {
      duringThePoll()
      const changed: Changed[] = []
      if (committed >= Number(since?.xmin ?? committed + 1))
        changed.push({ conversationId: 1, seq: committed, memberIds: userIds, joinedIds: [], goneIds: [] })
      return { cursor: { epoch: 'e', xmin: BigInt(committed + 1), time: 0 }, history: 'h', changed }
    },
  } as unknown as Source
  const poller = new Poller({
    source,
    userIds: () => users,
    advance: async (changed) => {
      advanced.push(...changed.flatMap(({ memberIds }) => memberIds))
      return true
    },
    restored: () => {},
  })
  await poller.start()
  duringThePoll = () => {
    users = [7]
    committed = 1
  }
  await poller.poll()
  duringThePoll = () => {}
  await poller.poll()
  expect(advanced).toEqual([7])
  await poller.poll()
  await poller.poll()
  expect(advanced.length).toBeLessThanOrEqual(2)
  await poller.stop()
})

/** A poller that finds what it is given to find, and what it did about it. */
async function polling(find: () => Partial<Poll>) {
  let polls = 0
  const asked: { since: number | undefined; userIds: number[] }[] = []
  const done = { advanced: [] as number[][], restored: 0, isAdvanced: true }
  const source = {
    async changedSince(since: Cursor | undefined, userIds: number[]) {
      asked.push({ since: since && Number(since.xmin), userIds })
      const cursor = { epoch: 'e', xmin: BigInt(++polls), time: 0 }
      return { cursor, history: 'h', changed: [], ...find() }
    },
  } as unknown as Source
  const poller = new Poller({
    source,
    userIds: () => [7, 8],
    advance: async (changed) => {
      done.advanced.push(changed.map(({ seq }) => seq))
      return done.isAdvanced
    },
    restored: () => void done.restored++,
  })
  await poller.start()
  return { poller, asked, done, standsAt: () => Number(poller.cursor!.xmin) }
}

test('each poll covers the connected users, from one poll further back', async () => {
  const { poller, asked, standsAt } = await polling(() => ({}))
  expect(asked).toEqual([{ since: undefined, userIds: [] }])
  expect(standsAt()).toBe(1)
  for (const stands of [1, 2, 3]) {
    await poller.poll()
    expect(standsAt()).toBe(stands)
  }
  expect(asked.slice(1)).toEqual([1, 1, 2].map((since) => ({ since, userIds: [7, 8] })))
  await poller.stop()
})

test('a poll in between writes what it finds, and leaves the cursor where it is', async () => {
  const change = { conversationId: 1, seq: 9, memberIds: [7], joinedIds: [], goneIds: [] }
  const { poller, done, standsAt } = await polling(() => ({ changed: [change] }))
  for (let polls = 0; polls < 3; polls++) await poller.pollInBetween()
  expect([standsAt(), done.advanced]).toEqual([1, [[9], [9], [9]]])
  await poller.stop()
})

test('concurrent polls are merged into one', async () => {
  const { poller, asked } = await polling(() => ({}))
  await Promise.all([poller.poll(), poller.poll()])
  expect(asked).toHaveLength(2)
  await poller.poll()
  expect(asked).toHaveLength(3)
  await poller.stop()
})

test('what could not be written is polled again from the same place', async () => {
  const change = { conversationId: 1, seq: 9, memberIds: [7], joinedIds: [], goneIds: [] }
  const { poller, done, standsAt } = await polling(() => ({ changed: [change] }))
  done.isAdvanced = false
  for (let polls = 0; polls < 3; polls++) await poller.poll()
  expect(standsAt()).toBe(1)
  done.isAdvanced = true
  for (let polls = 0; polls < 2; polls++) await poller.poll()
  expect(standsAt()).toBeGreaterThan(1)
  expect(done.advanced).toEqual(Array(5).fill([9]))
  await poller.stop()
})

test('when the database is away, nothing counts as written and it is polled again', async () => {
  let isAway = false
  const { poller, done, standsAt } = await polling(() => {
    if (isAway) throw new Error('away')
    return {}
  })
  isAway = true
  for (let polls = 0; polls < 3; polls++) await poller.poll()
  expect([standsAt(), done.advanced.length]).toEqual([1, 0])
  isAway = false
  for (let polls = 0; polls < 2; polls++) await poller.poll()
  expect([standsAt(), done.restored]).toEqual([5, 0])
  await poller.stop()
})

test('a different history is reported as such, without any changes', async () => {
  let history = 'h'
  const { poller, done, standsAt } = await polling(() => ({ history }))
  await poller.poll()
  history = 'restored'
  await poller.poll()
  expect([done.restored, done.advanced.length, standsAt()]).toEqual([1, 1, 1])
  await poller.stop()
})

test('a different history is reported once, and nothing is polled from then on', async () => {
  vi.useFakeTimers()
  let history = 'h'
  const { poller, asked, done } = await polling(() => ({ history }))
  history = 'restored'
  await vi.advanceTimersByTimeAsync(10_000)
  expect([done.restored, asked.length]).toEqual([1, 2])
  await poller.stop()
  vi.useRealTimers()
})

test('while the bus brings nothing it polls four times a second, moving the cursor no more often than before', async () => {
  vi.useFakeTimers()
  const { poller, asked, standsAt } = await polling(() => ({}))
  await vi.advanceTimersByTimeAsync(1000)
  poller.hears(false)
  await vi.advanceTimersByTimeAsync(0)
  expect(asked, 'at once').toHaveLength(2)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(2 + 40)
  expect(asked.filter(({ since }, nr) => since !== asked[nr - 1]?.since).length).toBeLessThanOrEqual(5)
  expect(standsAt()).toBeGreaterThan(1)
  poller.hears(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(asked, 'at once').toHaveLength(43)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(43 + 4)
  await poller.stop()
  poller.hears(false)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(47)
  vi.useRealTimers()
})

test('it polls every few seconds, until it is stopped', async () => {
  vi.useFakeTimers()
  const { poller, asked } = await polling(() => ({}))
  await vi.advanceTimersByTimeAsync(2499)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(5000)
  expect(asked).toHaveLength(4)
  await poller.stop()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(4)
  vi.useRealTimers()
})
