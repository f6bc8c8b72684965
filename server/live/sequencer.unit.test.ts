import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { change, newMessage, type Publication, publicationOf, signal, type Transactions } from './envelope.ts'
import { type Change, type Fetched, Sequencer } from './sequencer.ts'
import { Sequencers } from './sequencers.ts'

const publicationAt = (seq: number, transactions?: Transactions) =>
  publicationOf(
    [1],
    change('message_deleted', { conversation_id: 1, seq, message_id: seq }, transactions),
  ) as Change

interface Asked {
  after: number | undefined
  answer(upTo: number): void
  resolve(found: Fetched): void
  /** The conversation is gone. */
  refuse(): void
  /** The database is away. */
  fail(): void
}

/** A sequencer of a worker that has written all transactions below 100; what it writes, and the fetches it waits for. */
function newSequencer() {
  const written: (number | undefined)[] = []
  const fetches: Asked[] = []
  const host = {
    reached: () => 100,
    fetch: (_conversationId: number, after: number | undefined) =>
      new Promise<Fetched | undefined>((resolve, reject) => {
        const answer = (upTo: number) => {
          const seqs = Array.from({ length: upTo - (after ?? 0) }, (_, i) => (after ?? 0) + 1 + i)
          resolve({ publications: seqs.map((seq) => publicationAt(seq)), seq: upTo })
        }
        fetches.push({
          after,
          answer,
          resolve,
          refuse: () => resolve(undefined),
          fail: () => reject(new Error('away')),
        })
      }),
    write: ({ header }: Publication) => void written.push((header as { seq?: number }).seq),
    suspected: 0,
    suspectRestore: () => void host.suspected++,
  }
  const sequencer = new Sequencer(1, host)
  const push = (seq: number, transactions?: Transactions) => sequencer.push(publicationAt(seq, transactions))
  const isFetching = (times = 1) => expect.poll(() => fetches.length, { interval: 5 }).toBe(times)
  return { sequencer, host, written, fetches, push, isFetching }
}

/** The same, and it stands at 5. */
function sequencerAtFive() {
  const started = newSequencer()
  started.sequencer.begin(5)
  return started
}

test('a seq that a running fetch may have missed is fetched again', async () => {
  const { sequencer, written, fetches } = sequencerAtFive()
  const first = sequencer.advanceTo(6)
  const second = sequencer.advanceTo(8)
  fetches[0]!.answer(6)
  await first
  await expect.poll(() => fetches.length).toBe(2)
  fetches[1]!.answer(8)
  expect(await second).toBe(true)
  expect(written).toEqual([6, 7, 8])
})

test('what arrives during a fetch is written once', async () => {
  const { sequencer, written, fetches, push } = sequencerAtFive()
  const advanced = sequencer.advanceTo(8)
  push(6)
  push(7)
  fetches[0]!.answer(8)
  await advanced
  expect(written).toEqual([6, 7, 8])
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

test.each([
  ['all before it was written: it is written at once', { xid: 100, previousXid: 99 }, [6, 7], 0],
  ['it was written itself: it is dropped', { xid: 99, previousXid: 98 }, [7], 0],
  ['what was before it may be on its way: that is fetched', { xid: 101, previousXid: 100 }, [], 1],
  ['nothing about it: what was before it is fetched', undefined, [], 1],
] as const)('the first change of a conversation says that %s', async (_, transactions, expected, fetched) => {
  const { written, push, fetches } = newSequencer()
  push(6, transactions)
  push(7, { xid: 102, previousXid: 101 })
  expect([written, fetches.length]).toEqual([expected, fetched])
  if (fetched) {
    expect(fetches[0]!.after).toBeUndefined()
    fetches[0]!.answer(7)
    await expect.poll(() => written.at(-1)).toBe(7)
  }
})

test('a number that comes again from a later transaction is not written, and raises the suspicion of a restore', () => {
  const { host, written, push } = sequencerAtFive()
  for (const [seq, xid] of [
    [6, 105],
    [7, 103],
    // Again, the second of them late.
    [7, 103],
    [6, 105],
  ] as const)
    push(seq, { xid, previousXid: 99 })
  expect(host.suspected).toBe(0)
  push(6, { xid: 106, previousXid: 99 })
  expect([written, host.suspected]).toEqual([[6, 7], 1])
})

test('what is pending for a conversation that is gone is dropped', async () => {
  const { sequencer, written, push, fetches } = newSequencer()
  push(8)
  fetches[0]!.refuse()
  expect(await sequencer.advanceTo(8)).toBe(true)
  expect([written, sequencer.isForgettable()]).toEqual([[], true])
})

test('while the database is away nothing counts as written, and the next try writes it', async () => {
  const { sequencer, written, fetches } = sequencerAtFive()
  const advanced = sequencer.advanceTo(7)
  fetches[0]!.fail()
  expect(await advanced).toBe(false)
  const again = sequencer.advanceTo(7)
  fetches[1]!.answer(7)
  expect(await again).toBe(true)
  expect(written).toEqual([6, 7])
  expect(await sequencer.advanceTo(7)).toBe(true)
  expect(fetches).toHaveLength(2)
})

test('concurrent requests share one fetch', async () => {
  const { sequencer, written, fetches } = sequencerAtFive()
  const both = [sequencer.advanceTo(7), sequencer.advanceTo(7)]
  expect(fetches).toHaveLength(1)
  fetches[0]!.answer(7)
  expect(await Promise.all(both)).toEqual([true, true])
  expect(written).toEqual([6, 7])
})

test('what is found of a message that was written is a change of it, of others the message', async () => {
  const { host, sequencer, fetches } = sequencerAtFive()
  const message = (id: number, seq: number) =>
    publicationOf([1], newMessage({ id, conversation_id: 1, seq } as Parameters<typeof newMessage>[0]))
  const written: string[] = []
  host.write = ({ header, parts }: Publication) => {
    const isNew = header.kind === 'change' && header.message !== undefined
    written.push(`${isNew} ${/^event: (.*)$/m.exec(`${parts[0]!.frame}`)![1]}`)
  }
  sequencer.push(message(30, 6) as Change)
  const advanced = sequencer.advanceTo(9)
  fetches[0]!.resolve({ publications: [message(32, 7), message(31, 8), message(30, 9)], seq: 9 })
  await advanced
  expect(written).toEqual([
    'true new_message',
    'true new_message',
    'true new_message',
    'false message_updated',
  ])
})

test('a fetched event without a number is written in its place', async () => {
  const { host, written } = newSequencer()
  const resync = publicationOf([1], signal('resync', {}))
  const fetch = async () => ({ publications: [resync, publicationAt(9)], seq: 9 })
  await new Sequencer(1, { ...host, fetch }).advanceTo(9)
  expect(written).toEqual([undefined, 9])
})

test('a sequencer is dropped after a minute or two of silence, unless its last change is not written everywhere', () => {
  const { host } = newSequencer()
  const sequencers = new Sequencers(host)
  const now = Date.now()
  const [silent, recent, busy] = [1, 2, 3].map((id) => sequencers.of(id))
  busy!.begin(5)
  busy!.push(publicationAt(6, { xid: 100, previousXid: 99 }))
  for (const seconds of [30, 61]) sequencers.dropIdle(now + seconds * 1000)
  expect(sequencers.of(2)).toBe(recent)
  sequencers.dropIdle(now + 130_000)
  expect([sequencers.of(2) === recent, sequencers.of(3) === busy, sequencers.of(1) === silent]).toEqual([
    true,
    true,
    false,
  ])
})
