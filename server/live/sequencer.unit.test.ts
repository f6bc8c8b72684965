import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { change, open, signal } from './envelope.ts'
import { type Change, Sequencer } from './sequencer.ts'
import type { CaughtUp, Source } from './source.ts'

const envelopeOf = (seq: number) => change('message_deleted', { conversation_id: 1, seq, message_id: seq })

interface Asked {
  after: number
  answer(upTo: number): void
  /** The user is no member. */
  refuse(): void
  /** The database is away. */
  fail(): void
}

/** A sequencer that stands at 5, what it writes, and the fetches it waits for. */
function sequencerAtFive() {
  const written: number[] = []
  const removed: number[] = []
  const fetches: Asked[] = []
  const source = {
    changesAfter: (_userId: number, _conversationId: number, after: number) =>
      new Promise<CaughtUp | undefined>((resolve, reject) => {
        const answer = (upTo: number) => {
          const seqs = Array.from({ length: upTo - after }, (_, i) => after + 1 + i)
          resolve({ envelopes: seqs.map(envelopeOf), seq: upTo })
        }
        fetches.push({
          after,
          answer,
          refuse: () => resolve(undefined),
          fail: () => reject(new Error('away')),
        })
      }),
  } as unknown as Source
  const sequencer = new Sequencer(1, source, new Map([[1, 5]]), {
    write: (_frame, header) => written.push(header!.seq),
    removed: (conversationId) => removed.push(conversationId),
  })
  const push = (seq: number, of = 1) => {
    const { header, frame } = open(envelopeOf(seq))
    sequencer.push({ ...(header as Change), conversationId: of }, frame)
  }
  const isFetching = (times = 1) => expect.poll(() => fetches.length, { interval: 5 }).toBe(times)
  return { sequencer, written, removed, fetches, push, isFetching }
}

test('a seq that a running fetch may have missed is fetched again', async () => {
  const { sequencer, written, fetches } = sequencerAtFive()
  const first = sequencer.advanceTo(1, 6)
  const second = sequencer.advanceTo(1, 8)
  fetches[0]!.answer(6)
  await first
  await expect.poll(() => fetches.length).toBe(2)
  fetches[1]!.answer(8)
  expect(await second).toBe(true)
  expect(written).toEqual([6, 7, 8])
})

test('what arrives during a fetch is written once', async () => {
  const { sequencer, written, fetches, push } = sequencerAtFive()
  const advanced = sequencer.advanceTo(1, 8)
  push(6)
  push(7)
  fetches[0]!.answer(8)
  await advanced
  expect(written).toEqual([6, 7, 8])
})

test('nothing that is fetched is written once the user has left', async () => {
  const { sequencer, written, fetches } = sequencerAtFive()
  const advanced = sequencer.advanceTo(1, 8)
  sequencer.leave(1)
  fetches[0]!.answer(8)
  await advanced
  expect(written).toEqual([])
  expect(sequencer.isMember(1)).toBe(false)
})

test('the next change is written at once, and a duplicate is dropped', () => {
  const { written, push, fetches } = sequencerAtFive()
  for (const seq of [4, 5, 6, 6, 7, 5, 7]) push(seq)
  expect(written).toEqual([6, 7])
  expect(fetches).toEqual([])
})

test.each([
  ['everything pending', 8],
  ['nothing pending', 6],
  ['some of it', 7],
  ['more than that', 10],
])(
  'a gap is filled from the database: when it has %s, each change is written once and in order',
  async (_, upTo) => {
    const { written, push, fetches, isFetching } = sequencerAtFive()
    for (const seq of [8, 7, 8]) push(seq)
    expect(written).toEqual([])
    await isFetching()
    expect(fetches[0]!.after).toBe(5)
    fetches[0]!.answer(upTo)
    const last = Math.max(8, upTo)
    await expect.poll(() => written.at(-1), { interval: 5 }).toBe(last)
    // The bus brings them after all.
    for (let seq = 6; seq <= last + 1; seq++) push(seq)
    expect(written).toEqual(Array.from({ length: last - 5 + 1 }, (_, i) => 6 + i))
  },
)

test('a gap that fills by itself is not fetched', async () => {
  const { written, push, fetches } = sequencerAtFive()
  for (const seq of [8, 7, 6]) push(seq)
  expect(written).toEqual([6, 7, 8])
  await sleep(60)
  expect(fetches).toEqual([])
})

test('a change behind a second gap stays pending', async () => {
  const { written, push, fetches, isFetching } = sequencerAtFive()
  for (const seq of [10, 7, 6]) push(seq)
  expect(written).toEqual([6, 7])
  await isFetching()
  expect(fetches[0]!.after).toBe(7)
  fetches[0]!.answer(9)
  await expect.poll(() => written).toEqual([6, 7, 8, 9, 10])
})

test('each conversation has a sequence of its own', () => {
  const { sequencer, written, push } = sequencerAtFive()
  sequencer.join(2, 20)
  push(6)
  push(21, 2)
  push(7)
  expect(written).toEqual([6, 21, 7])
})

test('a new member gets the changes from there on, and joining again changes nothing', () => {
  const { sequencer, written, push } = sequencerAtFive()
  expect(sequencer.isMember(2)).toBe(false)
  push(21, 2)
  expect(written).toEqual([])
  sequencer.join(2, 20)
  expect(sequencer.isMember(2)).toBe(true)
  expect(written).toEqual([21])
  sequencer.join(2, 30)
  sequencer.join(1, 30)
  push(22, 2)
  push(6)
  expect(written).toEqual([21, 22, 6])
})

test('in a conversation new to the user, the first change that arrives is written, and what follows', async () => {
  const { sequencer, written, push, fetches, isFetching } = sequencerAtFive()
  push(3, 2)
  await isFetching()
  expect(fetches[0]!.after).toBe(2)
  fetches[0]!.answer(4)
  await expect.poll(() => sequencer.isMember(2)).toBe(true)
  push(5, 2)
  expect(written).toEqual([3, 4, 5])
})

test('a user who turns out not to be a member is removed, but only once', async () => {
  const { sequencer, written, removed, push, fetches, isFetching } = sequencerAtFive()
  push(3, 2)
  push(8)
  await isFetching(2)
  for (const each of fetches) each.refuse()
  await expect.poll(() => removed).toEqual([1])
  expect([sequencer.isMember(1), sequencer.isMember(2)]).toEqual([false, false])
  // What was pending for them is forgotten.
  sequencer.join(1, 7)
  sequencer.join(2, 2)
  expect(written).toEqual([])
})

test('a user who leaves and joins again does not get what was pending before', () => {
  const { sequencer, written, push } = sequencerAtFive()
  push(8)
  sequencer.leave(1)
  sequencer.join(1, 7)
  push(9)
  expect(written).toEqual([])
})

test('while the database is away nothing counts as written, and the next try writes it', async () => {
  const { sequencer, written, fetches } = sequencerAtFive()
  const advanced = sequencer.advanceTo(1, 7)
  fetches[0]!.fail()
  expect(await advanced).toBe(false)
  const again = sequencer.advanceTo(1, 7)
  fetches[1]!.answer(7)
  expect(await again).toBe(true)
  expect(written).toEqual([6, 7])
  expect(await sequencer.advanceTo(1, 7)).toBe(true)
  expect(fetches).toHaveLength(2)
})

test('concurrent requests share one fetch', async () => {
  const { sequencer, written, fetches } = sequencerAtFive()
  const both = [sequencer.advanceTo(1, 7), sequencer.advanceTo(1, 7)]
  expect(fetches).toHaveLength(1)
  fetches[0]!.answer(7)
  expect(await Promise.all(both)).toEqual([true, true])
  expect(fetches).toHaveLength(1)
  expect(written).toEqual([6, 7])
})

test('a fetched event without a number is written in its place', async () => {
  const source = {
    changesAfter: async () => ({ envelopes: [signal('resync', {}), envelopeOf(9)], seq: 9 }),
  } as unknown as Source
  const written: (number | undefined)[] = []
  const sequencer = new Sequencer(1, source, new Map([[1, 5]]), {
    write: (_frame, header) => written.push(header?.seq),
    removed: () => {},
  })
  await sequencer.advanceTo(1, 9)
  expect(written).toEqual([undefined, 9])
})
