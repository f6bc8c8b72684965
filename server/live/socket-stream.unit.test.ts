import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { newMessage, signal } from './envelope.ts'
import type { Place } from './places.ts'
import type { Protocol } from './protocol.ts'
import { SocketStream } from './socket-stream.ts'

/** What is written to it; it answers pings when it is told to. */
class FakeWebSocket extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  sent: string[] = []
  pings = 0
  send = (frame: string) => void this.sent.push(frame)
  #payload = ''
  ping = (payload: string) => {
    this.#payload = payload
    this.pings++
  }
  /** Answers the last ping. */
  pong = () => this.emit('pong', Buffer.from(this.#payload))
  close = () => this.terminate()
  terminate = () => {
    this.readyState = 3
    this.emit('close')
  }
}

const cursorAt = (xmin: number) => ({ epoch: '00000000', xmin: BigInt(xmin), time: 0 })
const protocol = (replays: Protocol['replays'] = 'unconfirmed'): Protocol => ({
  name: 'test',
  replays,
  greet: () => [],
  translate: (heard) =>
    heard.event === 'new_message' || heard.event === 'message_updated'
      ? [`${heard.event} ${heard.data.message.id}`]
      : [],
})
/** A message of user 2 in conversation 1, changed last at `seq`. */
const message = (id: number, seq: number) =>
  newMessage({ id, conversation_id: 1, seq, sender_id: 2 } as Parameters<typeof newMessage>[0])

function open(replays?: Protocol['replays'], words = protocol(replays)) {
  const webSocket = new FakeWebSocket()
  const socket = { writableCorked: 0, cork() {}, uncork() {} }
  const position = { cursor: cursorAt(100), history: 'h' }
  const [arrived, kept]: [[number, number][][], Place[]] = [[], []]
  const isKept = { value: true }
  const stream = new SocketStream(
    { webSocket: webSocket as unknown as WebSocket, socket: socket as never },
    { id: 'a', session: 'b', userId: 1, client: { sessionId: 's', protocol: 'test' } },
    words,
    {
      position,
      arrived: (_, ids) => void arrived.push([...ids]),
      keep: async (_, place) => {
        kept.push(place)
        return isKept.value
      },
    },
  )
  stream.begin(1, cursorAt(90))
  const send = ({ header, frame }: ReturnType<typeof message>) => stream.send(frame, header)
  return { webSocket, stream, send, position, arrived, kept, isKept }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what was written counts as delivered once a ping that followed it is answered', async () => {
  const { webSocket, stream, send, arrived } = open()
  stream.goLive()
  expect(send(message(7, 1))).toBe(false)
  send(message(8, 2))
  await turn()
  expect([webSocket.sent, webSocket.pings, arrived]).toEqual([['new_message 7', 'new_message 8'], 1, []])
  send(message(9, 3))
  webSocket.pong()
  expect([webSocket.pings, arrived]).toEqual([2, [[[1, 8]]]])
  webSocket.pong()
  expect(arrived).toEqual([[[1, 8]], [[1, 9]]])
})

test('where the client stands is kept at once, and when it goes: the cursor, and what it confirmed beyond it', async () => {
  const { webSocket, stream, send, position, kept } = open()
  await stream.stand(cursorAt(90))
  expect(kept).toEqual([{ cursor: cursorAt(90), history: 'h', positions: new Map() }])
  stream.goLive()
  send(message(7, 4))
  position.cursor = cursorAt(200)
  await turn()
  webSocket.pong()
  send(message(8, 5))
  await turn()
  webSocket.terminate()
  expect(kept.at(-1)).toEqual({
    cursor: cursorAt(100),
    history: 'h',
    positions: new Map([[1, { seq: 4, messageId: 7 }]]),
  })
})

test('a client that has not confirmed all that waited for it stands nowhere yet', async () => {
  const { webSocket, stream, kept } = open()
  const pages = [[message(1, 1)], [message(2, 2)], []]
  const starting = stream.start(async () => pages.shift()!)
  await turn()
  expect(webSocket.sent).toEqual(['new_message 1'])
  webSocket.pong()
  await turn()
  expect(webSocket.sent).toEqual(['new_message 1', 'new_message 2'])
  webSocket.terminate()
  await starting
  await stream.stand(cursorAt(150))
  stream.goLive()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(kept).toEqual([])
})

test('one that has stands where it began, however far the cursor lags behind', async () => {
  const { webSocket, stream, kept } = open()
  const pages = [[message(1, 1)], []]
  const starting = stream.start(async () => pages.shift()!)
  await turn()
  webSocket.pong()
  await starting
  await stream.stand(cursorAt(150))
  stream.goLive()
  webSocket.terminate()
  expect(kept).toEqual([
    { cursor: cursorAt(150), history: 'h', positions: new Map([[1, { seq: 0, messageId: 1 }]]) },
  ])
})

test.each([
  ['beyond what it confirmed, a new one', message(8, 6), ['new_message 8']],
  ['of before, changed since', message(7, 6), ['message_updated 7']],
  ['that it confirmed', message(7, 5), []],
])('a client that confirmed message 7 and change 5 is replayed one %s', async (_, envelope, told) => {
  const { webSocket, stream } = open()
  stream.leaveOut(new Map([[1, { seq: 5, messageId: 7 }]]))
  void stream.resume({ envelopes: [envelope], positions: new Map([[1, 6]]) })
  await turn()
  expect(webSocket.sent).toEqual(told)
})

test('new messages are told in the order in which they were sent, although the first was changed since', async () => {
  const { webSocket, stream, send, kept } = open()
  const replayed = [message(7, 5), message(8, 6), message(6, 7)]
  const resuming = stream.resume({ envelopes: replayed, positions: new Map([[1, 7]]) })
  await turn()
  webSocket.pong()
  await resuming
  stream.goLive()
  await stream.stand(cursorAt(90))
  expect(kept.at(-1)!.positions).toEqual(new Map([[1, { seq: 7, messageId: 8 }]]))
  for (const late of [message(10, 8), message(9, 9)]) send(late)
  await turn()
  webSocket.pong()
  webSocket.terminate()
  expect(webSocket.sent).toEqual([6, 7, 8, 9, 10].map((id) => `new_message ${id}`))
  expect(kept.at(-1)!.positions).toEqual(new Map([[1, { seq: 9, messageId: 10 }]]))
})

test('a replay in the order of changes counts as delivered when all of it is confirmed', async () => {
  const { webSocket, stream, arrived } = open()
  const pages = [[message(8, 5)], [message(7, 6)], []]
  const catchingUp = stream.catchUp(async () => pages.shift()!)
  for (const told of [[], []]) {
    await turn()
    expect(arrived).toEqual(told)
    webSocket.pong()
  }
  await catchingUp
  expect(arrived).toEqual([[[1, 8]]])
})

test('a place that could not be kept is kept some seconds later', async () => {
  vi.useFakeTimers()
  const { stream, kept, isKept } = open()
  isKept.value = false
  await stream.stand(cursorAt(90))
  isKept.value = true
  await vi.advanceTimersByTimeAsync(20_000)
  expect(kept).toHaveLength(2)
  vi.useRealTimers()
})

test('a pong that answers no ping confirms nothing', async () => {
  const { webSocket, stream, send, arrived } = open()
  stream.goLive()
  send(message(7, 1))
  await turn()
  webSocket.emit('pong', Buffer.alloc(0))
  expect(arrived).toEqual([])
  webSocket.pong()
  expect(arrived).toEqual([[[1, 7]]])
})

test('a client whose worker must load afresh is cut before anything else is written', () => {
  const { webSocket, stream, send } = open()
  stream.goLive()
  stream.send(signal('resync', {}).frame)
  send(message(7, 1))
  expect([stream.isWritable, webSocket.sent]).toEqual([false, []])
})

test('a replay goes on as it is confirmed', async () => {
  const { webSocket, stream } = open()
  webSocket.bufferedAmount = 100 * 1024
  const resuming = stream.resume({
    envelopes: [message(7, 1), message(8, 2)],
    positions: new Map([[1, 2]]),
  })
  await turn()
  expect(webSocket.sent).toEqual(['new_message 7'])
  webSocket.pong()
  await turn()
  webSocket.pong()
  await resuming
  expect(webSocket.sent).toEqual(['new_message 7', 'new_message 8'])
})

test('what comes during the replay is written after it, and not twice', async () => {
  const { webSocket, stream, send } = open()
  const pages = [[message(1, 1)], []]
  const starting = stream.start(async () => pages.shift()!)
  send(message(1, 1))
  send(message(2, 2))
  await turn()
  webSocket.pong()
  await starting
  stream.goLive()
  await turn()
  expect(webSocket.sent).toEqual(['new_message 1', 'new_message 2'])
})

test('frames that take longer to be made hold up those behind them', async () => {
  const slow = Promise.withResolvers<string[]>()
  const { webSocket, stream } = open('unconfirmed', {
    ...protocol(),
    translate: ({ event }) => (event === 'heartbeat' ? slow.promise : ['next']),
  })
  stream.goLive()
  stream.send(signal('heartbeat', {}).frame)
  stream.send(signal('conversation_removed', { conversation_id: 1 }).frame)
  await turn()
  expect(webSocket.sent).toEqual([])
  slow.resolve(['first'])
  await turn()
  expect(webSocket.sent).toEqual(['first', 'next'])
})

test('while frames cannot be made the client waits, and is cut after some seconds', async () => {
  vi.useFakeTimers()
  const { stream, send } = open('unconfirmed', {
    ...protocol(),
    translate: () => Promise.reject(new Error('away')),
  })
  stream.goLive()
  send(message(7, 1))
  await vi.advanceTimersByTimeAsync(4000)
  expect(stream.isWritable).toBe(true)
  await vi.advanceTimersByTimeAsync(2000)
  expect(stream.isWritable).toBe(false)
  vi.useRealTimers()
})

test('who answers none of four heartbeats is gone, and who answers stays', () => {
  const [gone, here] = [open(), open()]
  for (const { stream } of [gone, here]) stream.goLive()
  for (let beats = 0; beats < 6; beats++) {
    for (const { stream } of [gone, here]) stream.beat()
    here.webSocket.pong()
  }
  expect([gone.stream.isWritable, here.stream.isWritable]).toEqual([false, true])
})

test('a client that does not read is cut', () => {
  const { webSocket, stream, send } = open()
  stream.goLive()
  webSocket.bufferedAmount = 1024 * 1024 + 1
  send(message(7, 1))
  expect([stream.isWritable, webSocket.sent]).toEqual([false, []])
})

test('a client that is not told of messages confirms none', async () => {
  const { webSocket, stream, send } = open('nothing')
  stream.goLive()
  send(message(7, 1))
  await turn()
  expect(webSocket.pings).toBe(0)
})
