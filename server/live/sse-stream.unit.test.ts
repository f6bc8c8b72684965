import { expect, test } from 'vitest'
import { writeCursor } from './cursor.ts'
import { change, frame } from './envelope.ts'
import { SseStream, Stamper } from './sse-stream.ts'

/** What is written to it, of which `writableLength` bytes are unread. */
class FakeSocket {
  written = ''
  writableLength = 0
  writableCorked = 0
  writable = true
  isCut = false
  write(chunk: Buffer | string): boolean {
    this.written += chunk
    return true
  }
  on() {
    return this as never
  }
  cork() {}
  uncork() {}
  destroySoon() {
    this.writable = false
  }
  destroy() {
    this.writable = false
    this.isCut = true
  }
}

const cursorAt = (xmin: bigint) => ({ epoch: '00000000', xmin, time: 0 })

test('a queued frame keeps the id from its arrival, wherever the cursor moves meanwhile', () => {
  const position = { cursor: cursorAt(100n) }
  const socket = new FakeSocket()
  const stream = new SseStream(socket, new Stamper(position), { id: 'a', session: 'b', isPage: true })
  stream.begin(1, cursorAt(7n))
  const removed = (conversation_id: number) => frame('conversation_removed', { conversation_id })
  stream.send(removed(1))
  stream.send(removed(2))
  position.cursor = cursorAt(103n)
  stream.goLive()
  stream.send(removed(3))
  const ids = [...socket.written.matchAll(/^id: (.*)\nevent: (.*)$/gm)].map(([, id, event]) => [event, id])
  expect(ids).toEqual([
    ['connected', writeCursor(cursorAt(7n))],
    ['conversation_removed', writeCursor(cursorAt(100n))],
    ['conversation_removed', writeCursor(cursorAt(100n))],
    ['conversation_removed', writeCursor(cursorAt(103n))],
  ])
})

test('a frame gets its id once for all streams, and a new one when the cursor has moved', () => {
  const position = { cursor: cursorAt(1n) }
  const stamper = new Stamper(position)
  const shared = frame('resync', {})
  const first = stamper.stamp(shared)
  expect(stamper.stamp(shared)).toBe(first)
  position.cursor = cursorAt(2n)
  expect(`${stamper.stamp(shared)}`).toBe(`id: ${writeCursor(cursorAt(2n))}\n${shared}`)
})

test.each([
  ['our own page, which sees no comments, an event as well', true, ':\nevent: heartbeat\ndata: {}\n\n'],
  ['a program a comment alone', false, ':\n\n'],
])('its heartbeat writes to %s', (_, isPage, expected) => {
  const socket = new FakeSocket()
  new SseStream(socket, new Stamper({ cursor: undefined }), { id: 'a', session: 'b', isPage }).beat()
  expect(socket.written).toBe(expected)
})

/** A stream, and what its reader has got. */
function openStream() {
  const socket = new FakeSocket()
  const stream = new SseStream(socket, new Stamper({ cursor: undefined }), {
    id: 'a',
    session: 'b',
    isPage: true,
  })
  const written = () => [...socket.written.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq))
  const send = (seq: number, of = 1) => {
    const { header, frame } = change('message_deleted', { conversation_id: of, seq, message_id: seq })
    stream.send(frame, header)
  }
  return { stream, socket, written, send }
}

test('what was replayed is not written again, and everything after it is', () => {
  const { stream, written, send } = openStream()
  stream.begin(1, undefined)
  send(6)
  send(7)
  stream.replay({
    envelopes: [5, 6].map((seq) => change('message_deleted', { conversation_id: 1, seq, message_id: seq })),
    positions: new Map([[1, 6]]),
  })
  send(8)
  expect(written()).toEqual([5, 6])
  stream.goLive()
  expect(written()).toEqual([5, 6, 7, 8])
  send(3, 2)
  send(9)
  expect(written()).toEqual([5, 6, 7, 8, 3, 9])
})

test('a live frame that was already replayed is dropped', () => {
  const { stream, written, send } = openStream()
  stream.begin(1, undefined)
  stream.replay({ envelopes: [], positions: new Map([[1, 6]]) })
  stream.goLive()
  for (const seq of [5, 6, 7, 8]) send(seq)
  expect(written()).toEqual([7, 8])
})

test('frames without a seq are always written', () => {
  const { stream, socket } = openStream()
  stream.begin(1, undefined)
  stream.replay({ envelopes: [], positions: new Map([[1, 6]]) })
  stream.send(frame('conversation_removed', { conversation_id: 1 }))
  expect(socket.written).not.toContain('conversation_removed')
  stream.goLive()
  expect(socket.written).toContain('event: conversation_removed')
})

test('ten thousand frames may be queued during a replay; one more and the stream is cut off', () => {
  const { stream, socket, send } = openStream()
  stream.begin(1, undefined)
  for (let seq = 1; seq <= 10_000; seq++) send(seq)
  expect(socket.isCut).toBe(false)
  send(10_001)
  expect(socket.isCut).toBe(true)
})

test('a reader may leave a megabyte unread; beyond that the stream is cut off, and nothing more is written', () => {
  const { stream, socket } = openStream()
  stream.begin(1, undefined)
  stream.goLive()
  const { written } = socket
  socket.writableLength = 1024 * 1024
  stream.beat()
  expect([socket.isCut, socket.written]).toEqual([false, `${written}:\nevent: heartbeat\ndata: {}\n\n`])
  socket.writableLength++
  socket.written = ''
  stream.beat()
  expect([socket.isCut, socket.written]).toEqual([true, ''])
})

test('a stream that ends says after how long to reconnect, and nothing after it', () => {
  const { stream, socket } = openStream()
  stream.begin(1, undefined)
  stream.goLive()
  socket.written = ''
  stream.end(1234.6)
  stream.beat()
  expect([socket.writable, socket.written]).toEqual([false, 'retry: 1235\n\n'])
})

test('what comes after its end, or after it was cut, counts as taken by nobody', () => {
  for (const close of ['end', 'cut'] as const) {
    const { stream } = openStream()
    stream.begin(1, undefined)
    stream.goLive()
    const { header, frame } = change('message_deleted', { conversation_id: 1, seq: 1, message_id: 1 })
    expect(stream.send(frame, header)).toBe(true)
    stream[close](0)
    expect(stream.send(frame, header)).toBe(false)
  }
})
