import { expect, test } from 'vitest'
import { change, open } from './envelope.ts'
import { type Change, Order } from './order.ts'
import { type CaughtUp, type Source, useSource } from './source.ts'

const envelopeOf = (seq: number) => change('message_deleted', { conversation_id: 1, seq, message_id: seq })

/** An order that stands at 5, what it tells, and the answers it waits for. */
function orderAtFive() {
  const told: number[] = []
  const asked: { answer(upTo: number): void }[] = []
  useSource({
    changesAfter: (_userId: number, _conversationId: number, after: number) =>
      new Promise<CaughtUp>((resolve) => {
        const answer = (upTo: number) => {
          const seqs = Array.from({ length: upTo - after }, (_, i) => after + 1 + i)
          resolve({ envelopes: seqs.map(envelopeOf), seq: upTo })
        }
        asked.push({ answer })
      }),
  } as unknown as Source)
  const order = new Order(1, new Map([[1, 5]]), {
    tell: (_frame, header) => told.push(header!.seq),
    removed: () => {},
  })
  const take = (seq: number) => {
    const { header, frame } = open(envelopeOf(seq))
    order.take(header as Change, frame)
  }
  return { order, told, asked, take }
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
