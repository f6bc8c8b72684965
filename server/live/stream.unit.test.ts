import type { Response } from 'express'
import { expect, test } from 'vitest'
import { writeCursor } from './cursor.ts'
import { change, frame, open } from './envelope.ts'
import type { Change } from './order.ts'
import { type Source, useSource } from './source.ts'
import { Stream } from './stream.ts'
import { cursor, lookNow, startWatching, stopWatching } from './watch.ts'

test('what waits for its turn keeps the id of when it was told, whatever is found meanwhile', async () => {
  let xmin = 100n
  useSource({
    changedSince: async () => ({
      cursor: { epoch: '00000000', xmin: xmin++, time: 0 },
      history: 'h',
      changed: [],
    }),
  } as unknown as Source)
  await startWatching({ userIds: () => [], settle: async () => true, restored: () => {} })
  let written = ''
  const write = (chunk: Buffer) => {
    written += chunk
  }
  const res = { writeHead() {}, write, writableLength: 0 } as unknown as Response
  const stream = new Stream(res, { id: 'a', session: 'b', isPage: true })
  const missedSince = { epoch: '00000000', xmin: 7n, time: 0 }
  stream.begin(1, missedSince)
  const then = writeCursor(cursor!)
  const removed = (conversation_id: number) => frame('conversation_removed', { conversation_id })
  stream.tell(removed(1))
  stream.tell(removed(2))
  for (let looks = 0; looks < 3; looks++) await lookNow()
  stream.goLive()
  stream.tell(removed(3))
  await stopWatching()
  const ids = [...written.matchAll(/^id: (.*)\nevent: (.*)$/gm)].map(([, id, event]) => [event, id])
  expect(ids).toEqual([
    ['connected', writeCursor(missedSince)],
    ['conversation_removed', then],
    ['conversation_removed', then],
    ['conversation_removed', writeCursor(cursor!)],
  ])
  expect(writeCursor(cursor!)).not.toBe(then)
})

test.each([
  ['our own page, which sees no comments, an event as well', true, ':\nevent: heartbeat\ndata: {}\n\n'],
  ['a program a comment alone', false, ':\n\n'],
])('as a sign of life it writes to %s', (_, isPage, expected) => {
  const written: string[] = []
  const res = { write: (chunk: Buffer) => written.push(`${chunk}`), writableLength: 0 } as unknown as Response
  new Stream(res, { id: 'a', session: 'b', isPage }).beat()
  expect(written).toEqual([expected])
})

/** A stream, and what its reader has got; `unread` bytes wait for him. */
function openStream() {
  const res = {
    written: '',
    unread: 0,
    isCut: false,
    writableEnded: false,
    get writableLength() {
      return this.unread
    },
    writeHead() {},
    write(chunk: Buffer | string) {
      this.written += chunk
    },
    end(chunk = '') {
      this.written += chunk
      this.writableEnded = true
    },
    destroy() {
      this.isCut = true
    },
  }
  const stream = new Stream(res as unknown as Response, { id: 'a', session: 'b', isPage: true })
  const told = () => [...res.written.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq))
  const tell = (seq: number, of = 1) => {
    const { header, frame } = open(change('message_deleted', { conversation_id: of, seq, message_id: seq }))
    stream.tell(frame, header as Change)
  }
  return { stream, res, told, tell }
}

test('what was told with what was missed is not told once more, and everything after it is', () => {
  const { stream, told, tell } = openStream()
  stream.begin(1, undefined)
  tell(6)
  tell(7)
  stream.replay({
    envelopes: [5, 6].map((seq) => change('message_deleted', { conversation_id: 1, seq, message_id: seq })),
    positions: new Map([[1, 6]]),
  })
  tell(8)
  expect(told()).toEqual([5, 6])
  stream.goLive()
  expect(told()).toEqual([5, 6, 7, 8])
  tell(3, 2)
  tell(9)
  expect(told()).toEqual([5, 6, 7, 8, 3, 9])
})

test('what comes live though it was told with what was missed is dropped', () => {
  const { stream, told, tell } = openStream()
  stream.begin(1, undefined)
  stream.replay({ envelopes: [], positions: new Map([[1, 6]]) })
  stream.goLive()
  for (const seq of [5, 6, 7, 8]) tell(seq)
  expect(told()).toEqual([7, 8])
})

test('what has no number is always told', () => {
  const { stream, res } = openStream()
  stream.begin(1, undefined)
  stream.replay({ envelopes: [], positions: new Map([[1, 6]]) })
  stream.tell(frame('conversation_removed', { conversation_id: 1 }))
  expect(res.written).not.toContain('conversation_removed')
  stream.goLive()
  expect(res.written).toContain('event: conversation_removed')
})

test('ten thousand things may wait until a reader has caught up; with one more he is cut', () => {
  const { stream, res, tell } = openStream()
  stream.begin(1, undefined)
  for (let seq = 1; seq <= 10_000; seq++) tell(seq)
  expect(res.isCut).toBe(false)
  tell(10_001)
  expect(res.isCut).toBe(true)
})

test('a reader may leave a megabyte unread; with more he is cut, and nothing more is written', () => {
  const { stream, res } = openStream()
  stream.begin(1, undefined)
  stream.goLive()
  const { written } = res
  res.unread = 1024 * 1024
  stream.beat()
  expect([res.isCut, res.written]).toEqual([false, `${written}:\nevent: heartbeat\ndata: {}\n\n`])
  res.unread++
  res.written = ''
  stream.beat()
  expect([res.isCut, res.written]).toEqual([true, ''])
})

test.each([
  [undefined, ''],
  [1234.6, 'retry: 1235\n\n'],
])('a stream that ends, to come back after %s ms, says so and nothing after it', (delay, said) => {
  const { stream, res } = openStream()
  stream.begin(1, undefined)
  stream.goLive()
  res.written = ''
  stream.end(delay)
  stream.beat()
  expect([res.writableEnded, res.written]).toEqual([true, said])
})
