import { expect, test, vi } from 'vitest'
import { type Changed, type Cursor, type Look, type Source, useSource } from './source.ts'
import { cursor, lookNow, startWatching, stopWatching } from './watch.ts'

test('who comes while changes are looked for is told by the next look what the last one left out', async () => {
  const settled: number[] = []
  let committed = 0
  let users: number[] = []
  let duringTheLook = () => {}
  useSource({
    async changedSince(since: { xmin: bigint } | undefined, userIds: number[]) {
      duringTheLook()
      const changed: Changed[] = []
      if (committed >= Number(since?.xmin ?? committed + 1))
        changed.push({ conversationId: 1, seq: committed, memberIds: userIds, goneIds: [] })
      return { cursor: { epoch: 'e', xmin: BigInt(committed + 1), time: 0 }, history: 'h', changed }
    },
  } as unknown as Source)
  await startWatching({
    userIds: () => users,
    settle: async (changed) => {
      settled.push(...changed.flatMap(({ memberIds }) => memberIds))
      return true
    },
    restored: () => {},
  })
  duringTheLook = () => {
    users = [7]
    committed = 1
  }
  await lookNow()
  duringTheLook = () => {}
  await lookNow()
  expect(settled).toEqual([7])
  await lookNow()
  await lookNow()
  expect(settled.length).toBeLessThanOrEqual(2)
  await stopWatching()
})

/** A watch whose looks find what they are told to, and what it told of them. */
async function watching(find: () => Partial<Look>) {
  let looks = 0
  const asked: { since: number | undefined; userIds: number[] }[] = []
  const told = { settled: [] as number[][], restored: 0, isSettled: true }
  useSource({
    async changedSince(since: Cursor | undefined, userIds: number[]) {
      asked.push({ since: since && Number(since.xmin), userIds })
      const cursor = { epoch: 'e', xmin: BigInt(++looks), time: 0 }
      return { cursor, history: 'h', changed: [], ...find() }
    },
  } as unknown as Source)
  await startWatching({
    userIds: () => [7, 8],
    settle: async (changed) => {
      told.settled.push(changed.map(({ seq }) => seq))
      return told.isSettled
    },
    restored: () => void told.restored++,
  })
  return { asked, told, standsAt: () => Number(cursor!.xmin) }
}

test('each look asks for those who are here, from one look further back', async () => {
  const { asked, standsAt } = await watching(() => ({}))
  expect(asked).toEqual([{ since: undefined, userIds: [] }])
  expect(standsAt()).toBe(1)
  for (const stands of [1, 2, 3]) {
    await lookNow()
    expect(standsAt()).toBe(stands)
  }
  expect(asked.slice(1)).toEqual([1, 1, 2].map((since) => ({ since, userIds: [7, 8] })))
  await stopWatching()
})

test('two who look at once look once', async () => {
  const { asked } = await watching(() => ({}))
  await Promise.all([lookNow(), lookNow()])
  expect(asked).toHaveLength(2)
  await lookNow()
  expect(asked).toHaveLength(3)
  await stopWatching()
})

test('what could not be told is looked for again from the same place', async () => {
  const change = { conversationId: 1, seq: 9, memberIds: [7], goneIds: [] }
  const { told, standsAt } = await watching(() => ({ changed: [change] }))
  told.isSettled = false
  for (let looks = 0; looks < 3; looks++) await lookNow()
  expect(standsAt()).toBe(1)
  told.isSettled = true
  for (let looks = 0; looks < 2; looks++) await lookNow()
  expect(standsAt()).toBeGreaterThan(1)
  expect(told.settled).toEqual(Array(5).fill([9]))
  await stopWatching()
})

test('a database that is away is looked at again, and nothing is taken for told', async () => {
  let isAway = false
  const { told, standsAt } = await watching(() => {
    if (isAway) throw new Error('away')
    return {}
  })
  isAway = true
  for (let looks = 0; looks < 3; looks++) await lookNow()
  expect([standsAt(), told.settled.length]).toEqual([1, 0])
  isAway = false
  for (let looks = 0; looks < 2; looks++) await lookNow()
  expect([standsAt(), told.restored]).toEqual([5, 0])
  await stopWatching()
})

test('another history is told as such, and nothing of it as a change', async () => {
  let history = 'h'
  const { told, standsAt } = await watching(() => ({ history }))
  await lookNow()
  history = 'restored'
  await lookNow()
  expect([told.restored, told.settled.length, standsAt()]).toEqual([1, 1, 1])
  await stopWatching()
})

test('it looks by itself every few seconds, until it is stopped', async () => {
  vi.useFakeTimers()
  const { asked } = await watching(() => ({}))
  await vi.advanceTimersByTimeAsync(2499)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(asked).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(5000)
  expect(asked).toHaveLength(4)
  await stopWatching()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(4)
  vi.useRealTimers()
})
