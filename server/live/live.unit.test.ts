import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type ConnectBus, inProcessBus } from './bus.ts'
import type { Cursor } from './cursor.ts'
import { type Envelope, publicationOf, signal } from './envelope.ts'
import { type Live, openLive } from './live.ts'
import { publish, publishThrough } from './publish.ts'
import { openInProcessRoster } from './roster.ts'
import type { Source } from './source.ts'

const source: Source = {
  places: {
    find: async () => undefined,
    keep: async () => {},
    delivered: async () => new Map(),
    undelivered: async () => [],
    changed: async () => [],
  },
  changesAfter: async () => undefined,
  viewsAt: async () => publicationOf([], signal('resync', {})),
  missedSince: async () => undefined,
  changedSince: async () => ({ cursor: { epoch: 'e', xmin: 1n, time: 0 }, history: 'h', changed: [] }),
}

async function open(bus: ConnectBus, more: Partial<Source> = {}): Promise<Live> {
  const roster = openInProcessRoster()
  const live = await openLive({ bus, roster, source: { ...source, ...more }, restored: () => {} })
  onTestFinished(() => live.close())
  return live
}

/** What a stream that this Live opens for the user is written. */
async function streamOf(live: Live, userId: number, from?: 'unknown' | Cursor) {
  let written = ''
  const socket = Object.assign(
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        written += chunk
        done()
      },
    }),
    { destroySoon: () => socket.destroy() },
  ) as unknown as Socket
  const res = new ServerResponse(new IncomingMessage(socket))
  res.assignSocket(socket)
  const options = { attended: undefined, isReconnect: false }
  await live.openStream(res, { userId, sessionId: 'session' }, from, options)
  return {
    isReached: () => written.includes('event: resync'),
    names: () => [...written.matchAll(/^event: (?!connected)(.*)$/gm)].map(([, name]) => name),
  }
}

const shared = inProcessBus()

test.each([
  ['of its own hears nothing', inProcessBus(), inProcessBus(), [true, false]],
  ['that is shared hears everything', shared, shared, [true, true]],
])('what one Live publishes: another one in the process, on a bus %s', async (_, bus, other, reached) => {
  const lives = [await open(bus), await open(other)] as const
  const streams = [await streamOf(lives[0], 1), await streamOf(lives[1], 1)]
  lives[0].publish(publicationOf([1], signal('resync', {})))
  await sleep(5)
  expect(streams.map(({ isReached }) => isReached())).toEqual(reached)
})

const namedAt = (event: string, seq: number): Envelope => ({
  header: { kind: 'change', conversationId: 1, seq },
  frame: Buffer.from(`event: ${event}\n\n`),
})

test.each(['changesAfter', 'viewsAt'] as const)(
  'who connects while %s is asked gets its answer',
  async (asked) => {
    const late: Awaited<ReturnType<typeof streamOf>>[] = []
    const source = {
      async changesAfter() {
        if (asked === 'changesAfter') late.push(await streamOf(live, 2))
        return { envelopes: [namedAt('new_message', 4)], seq: 5, isChanged: true, memberIds: [1, 2, 3] }
      },
      async viewsAt(_conversationId: number, seq: number, userIds: number[]) {
        if (asked === 'viewsAt' && late.length === 0) late.push(await streamOf(live, 2))
        return publicationOf(userIds, namedAt('conversation_updated', seq))
      },
    }
    const live = await open(inProcessBus(), source)
    const early = await streamOf(live, 1)
    live.publish(publicationOf([1, 2, 3], namedAt('message_updated', 5)))
    await expect.poll(early.names).toEqual(['new_message', 'conversation_updated'])
    expect(late.map(({ names }) => names())).toEqual([['new_message', 'conversation_updated']])
  },
)

test('when what a reader missed cannot be found, their stream is closed', async () => {
  const live = await open(inProcessBus(), { missedSince: () => Promise.reject(new Error('away')) })
  await expect(streamOf(live, 1, { epoch: 'e', xmin: 1n, time: 0 })).rejects.toThrow('away')
  await expect.poll(live.userIds).toEqual([])
})

test('a stream that is still being opened when all streams end, ends too', async () => {
  const live = await open(inProcessBus())
  live.endStreams()
  await streamOf(live, 1)
  await expect.poll(live.userIds).toEqual([])
})

test('two Lives have streams, events and cursors of their own', async () => {
  const now = await source.changedSince(undefined, [])
  const [one, other] = [
    await open(inProcessBus()),
    await open(inProcessBus(), {
      changedSince: async () => ({ ...now, cursor: { ...now.cursor, xmin: 2n } }),
    }),
  ]
  const opened: string[] = []
  one.events.on('opened', ({ userId }) => opened.push(`one ${userId}`))
  other.events.on('opened', ({ userId }) => opened.push(`other ${userId}`))
  await streamOf(one, 1)
  await streamOf(other, 2)
  expect(opened).toEqual(['one 1', 'other 2'])
  expect([one.userIds(), other.userIds()]).toEqual([[1], [2]])
  one.endStreams()
  await expect.poll(one.userIds).toEqual([])
  expect(other.userIds()).toEqual([2])
})

test('features publish through the publisher set last, and nowhere once that is undone', async () => {
  const live = await open(inProcessBus())
  const stream = await streamOf(live, 1)
  publish([1], signal('resync', {}))
  await sleep(5)
  expect(stream.isReached()).toBe(false)
  const undo = publishThrough(live)
  publish([1], signal('resync', {}))
  await sleep(5)
  expect(stream.isReached()).toBe(true)
  undo()
  const late = await streamOf(live, 2)
  publish([2], signal('resync', {}))
  await sleep(5)
  expect(late.isReached()).toBe(false)
})

test('a Live that cannot be opened leaves the bus', async () => {
  let connected = 0
  const away = open(
    (receiver) => {
      connected++
      return { ...inProcessBus()(receiver), close: async () => void connected-- }
    },
    { changedSince: () => Promise.reject(new Error('away')) },
  )
  await expect(away).rejects.toThrow('away')
  expect(connected).toBe(0)
})
