import { expect, test } from 'vitest'
import { type Changed, type Source, useSource } from './source.ts'
import { lookNow, startWatching, stopWatching } from './watch.ts'

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
