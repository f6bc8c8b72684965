import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { change, open, signal } from './envelope.ts'
import { type Change, Order } from './order.ts'
import { type CaughtUp, type Source, useSource } from './source.ts'

const envelopeOf = (seq: number) => change('message_deleted', { conversation_id: 1, seq, message_id: seq })

interface Asked {
  after: number
  answer(upTo: number): void
  /** He is no member. */
  refuse(): void
  /** The database is away. */
  fail(): void
}

/** An order that stands at 5, what it tells, and the answers it waits for. */
function orderAtFive() {
  const told: number[] = []
  const removed: number[] = []
  const asked: Asked[] = []
  useSource({
    changesAfter: (_userId: number, _conversationId: number, after: number) =>
      new Promise<CaughtUp | undefined>((resolve, reject) => {
        const answer = (upTo: number) => {
          const seqs = Array.from({ length: upTo - after }, (_, i) => after + 1 + i)
          resolve({ envelopes: seqs.map(envelopeOf), seq: upTo })
        }
        asked.push({ after, answer, refuse: () => resolve(undefined), fail: () => reject(new Error('away')) })
      }),
  } as unknown as Source)
  const order = new Order(1, new Map([[1, 5]]), {
    tell: (_frame, header) => told.push(header!.seq),
    removed: (conversationId) => removed.push(conversationId),
  })
  const take = (seq: number, of = 1) => {
    const { header, frame } = open(envelopeOf(seq))
    order.take({ ...(header as Change), conversationId: of }, frame)
  }
  const isAsked = (times = 1) => expect.poll(() => asked.length, { interval: 5 }).toBe(times)
  return { order, told, removed, asked, take, isAsked }
}

test('who asks for more than a running look can have seen gets another look', async () => {
  const { order, told, asked } = orderAtFive()
  const first = order.settle(1, 6)
  const second = order.settle(1, 8)
  asked[0]!.answer(6)
  await first
  await expect.poll(() => asked.length).toBe(2)
  asked[1]!.answer(8)
  expect(await second).toBe(true)
  expect(told).toEqual([6, 7, 8])
})

test('what came while it was looked for is not told twice', async () => {
  const { order, told, asked, take } = orderAtFive()
  const settled = order.settle(1, 8)
  take(6)
  take(7)
  asked[0]!.answer(8)
  await settled
  expect(told).toEqual([6, 7, 8])
})

test('who left while it was looked for is told nothing more', async () => {
  const { order, told, asked } = orderAtFive()
  const settled = order.settle(1, 8)
  order.leave(1)
  asked[0]!.answer(8)
  await settled
  expect(told).toEqual([])
  expect(order.isIn(1)).toBe(false)
})

test('what comes in turn is told at once, and what comes twice only once', () => {
  const { told, take, asked } = orderAtFive()
  for (const seq of [4, 5, 6, 6, 7, 5, 7]) take(seq)
  expect(told).toEqual([6, 7])
  expect(asked).toEqual([])
})

test.each([
  ['what was held', 8],
  ['nothing of what was held', 6],
  ['some of it', 7],
  ['more than that', 10],
])('a gap is filled with what the database has: with %s, each is told once and in turn', async (_, upTo) => {
  const { told, take, asked, isAsked } = orderAtFive()
  for (const seq of [8, 7, 8]) take(seq)
  expect(told).toEqual([])
  await isAsked()
  expect(asked[0]!.after).toBe(5)
  asked[0]!.answer(upTo)
  const last = Math.max(8, upTo)
  await expect.poll(() => told.at(-1), { interval: 5 }).toBe(last)
  // The bus brings them after all.
  for (let seq = 6; seq <= last + 1; seq++) take(seq)
  expect(told).toEqual(Array.from({ length: last - 5 + 1 }, (_, i) => 6 + i))
})

test('what fills the gap by itself is not looked for', async () => {
  const { told, take, asked } = orderAtFive()
  for (const seq of [8, 7, 6]) take(seq)
  expect(told).toEqual([6, 7, 8])
  await sleep(60)
  expect(asked).toEqual([])
})

test('what has come early and is not next waits on', async () => {
  const { told, take, asked, isAsked } = orderAtFive()
  for (const seq of [10, 7, 6]) take(seq)
  expect(told).toEqual([6, 7])
  await isAsked()
  expect(asked[0]!.after).toBe(7)
  asked[0]!.answer(9)
  await expect.poll(() => told).toEqual([6, 7, 8, 9, 10])
})

test('each conversation has numbers of its own', () => {
  const { order, told, take } = orderAtFive()
  order.join(2, 20)
  take(6)
  take(21, 2)
  take(7)
  expect(told).toEqual([6, 21, 7])
})

test('who comes to a conversation is told it from there on, and one who is in it already stays where he is', () => {
  const { order, told, take } = orderAtFive()
  expect(order.isIn(2)).toBe(false)
  take(21, 2)
  expect(told).toEqual([])
  order.join(2, 20)
  expect(order.isIn(2)).toBe(true)
  expect(told).toEqual([21])
  order.join(2, 30)
  order.join(1, 30)
  take(22, 2)
  take(6)
  expect(told).toEqual([21, 22, 6])
})

test('of a conversation that is new to him he is told what came first, and what follows', async () => {
  const { order, told, take, asked, isAsked } = orderAtFive()
  take(3, 2)
  await isAsked()
  expect(asked[0]!.after).toBe(2)
  asked[0]!.answer(4)
  await expect.poll(() => order.isIn(2)).toBe(true)
  take(5, 2)
  expect(told).toEqual([3, 4, 5])
})

test('who proves to be no member is told that he was removed, when he was one', async () => {
  const { order, told, removed, take, asked, isAsked } = orderAtFive()
  take(3, 2)
  take(8)
  await isAsked(2)
  for (const each of asked) each.refuse()
  await expect.poll(() => removed).toEqual([1])
  expect([order.isIn(1), order.isIn(2)]).toEqual([false, false])
  // What was held for him is forgotten.
  order.join(1, 7)
  order.join(2, 2)
  expect(told).toEqual([])
})

test('who left and comes again is not told what was held before', () => {
  const { order, told, take } = orderAtFive()
  take(8)
  order.leave(1)
  order.join(1, 7)
  take(9)
  expect(told).toEqual([])
})

test('while the database is away nothing is said to be told, and the next look tells it', async () => {
  const { order, told, asked } = orderAtFive()
  const settled = order.settle(1, 7)
  asked[0]!.fail()
  expect(await settled).toBe(false)
  const again = order.settle(1, 7)
  asked[1]!.answer(7)
  expect(await again).toBe(true)
  expect(told).toEqual([6, 7])
  expect(await order.settle(1, 7)).toBe(true)
  expect(asked).toHaveLength(2)
})

test('two who ask at once are answered by one look', async () => {
  const { order, told, asked } = orderAtFive()
  const both = [order.settle(1, 7), order.settle(1, 7)]
  expect(asked).toHaveLength(1)
  asked[0]!.answer(7)
  expect(await Promise.all(both)).toEqual([true, true])
  expect(asked).toHaveLength(1)
  expect(told).toEqual([6, 7])
})

test('what has no number is told with what was found, in its place', async () => {
  useSource({
    changesAfter: async () => ({ envelopes: [signal('resync', {}), envelopeOf(9)], seq: 9 }),
  } as unknown as Source)
  const told: (number | undefined)[] = []
  const order = new Order(1, new Map([[1, 5]]), {
    tell: (_frame, header) => told.push(header?.seq),
    removed: () => {},
  })
  await order.settle(1, 9)
  expect(told).toEqual([undefined, 9])
})
