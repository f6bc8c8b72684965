import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Response } from 'express'
import { bus, type Deliver } from './bus.ts'
import {
  conversationRemoved,
  cutEnvelope,
  fingerprint,
  frame,
  type Header,
  hangUpEnvelope,
  open,
} from './envelope.ts'
import { type Change, Order } from './order.ts'
import { roster } from './roster.ts'
import { type Changed, type Cursor, source } from './source.ts'
import { Stream } from './stream.ts'
import { cursor } from './watch.ts'

/** Below the contract's 20 s. */
const heartbeatEvery = 15_000

type Member = Extract<Header, { kind: 'member' }>

/** A stream that had to make room comes back after so long: at once, it would push out another. Milliseconds. */
const cutFor = 60_000

/** A user's streams in this worker; the bus listens for him as long as there is one. */
interface Audience {
  streams: Set<Stream>
  /** Streams open, or about to be. */
  size: number
  order: Order | undefined
  /** What came before it was known where he stands. */
  early: Buffer[]
  ready: Promise<void>
}

const audiences = new Map<number, Audience>()

/** What happens to streams, for features to follow; `live` itself knows none of them. */
export const streamEvents = new EventEmitter<{
  /** A message of somebody else's was written to at least one stream of the user. */
  delivered: [userId: number, conversationId: number, messageId: number]
  opened: [stream: OpenedStream]
  closed: [stream: OpenedStream]
}>()

/** How a stream was asked for. */
export interface Manner {
  /** Our own page says whether it is visible; programs say nothing. */
  attended: boolean | undefined
  /** An EventSource came back by itself. */
  isReconnect: boolean
}

export interface OpenedStream extends Manner {
  id: string
  userId: number
  /** The fingerprint of its session. */
  session: string
}

/**
 * Begins a stream: headers, `retry`, `connected`; then what was missed since `from`, or `resync` when that cannot be
 * told; then live. Whoever reads `connected` may rely on hearing everything that is sent from then on.
 *
 * @param from where the reader stands; 'unknown' when he had a cursor that is none
 */
export async function openStream(
  res: Response,
  userId: number,
  session: string,
  from: Cursor | 'unknown' | undefined,
  manner: Manner,
): Promise<void> {
  const opened = { id: randomUUID(), userId, session: fingerprint(session), ...manner }
  const audience = enter(userId)
  const stream = new Stream(res, opened)
  res.on('close', () => leave(userId, audience, stream))
  await audience.ready
  if (res.closed) return
  for (const id of await roster.enter(userId, opened.id)) bus.publish([userId], cutEnvelope(id))
  audience.streams.add(stream)
  stream.begin(userId, from === undefined || from === 'unknown' ? cursor : from)
  if (from) await catchUp(stream, userId, from)
  stream.goLive()
  if (res.closed) return roster.leave(userId, opened.id)
  res.on('close', () => {
    roster.leave(userId, opened.id)
    streamEvents.emit('closed', opened)
  })
  streamEvents.emit('opened', opened)
}

async function catchUp(stream: Stream, userId: number, from: Cursor | 'unknown'): Promise<void> {
  const missed = from === 'unknown' ? undefined : await source.missedSince(userId, from)
  if (missed) stream.replay(missed)
  else stream.tell(frame('resync', {}))
}

function enter(userId: number): Audience {
  const known = audiences.get(userId)
  if (known) {
    known.size++
    return known
  }
  const audience: Audience = {
    streams: new Set(),
    size: 1,
    order: undefined,
    early: [],
    ready: Promise.resolve(),
  }
  audience.ready = begin(userId, audience)
  audiences.set(userId, audience)
  return audience
}

/** Listens first, then asks where he stands: what comes in between is known twice, and not missed. */
async function begin(userId: number, audience: Audience): Promise<void> {
  await bus.listen(userId)
  const positions = await source.positions(userId)
  audience.order = new Order(userId, positions, {
    tell: (frame, header) => tell(userId, audience, frame, header),
    removed: (conversationId) => tell(userId, audience, open(conversationRemoved(conversationId)).frame),
  })
  for (const envelope of audience.early.splice(0)) take(userId, audience, envelope)
}

function leave(userId: number, audience: Audience, stream: Stream): void {
  audience.streams.delete(stream)
  if (--audience.size > 0) return
  audiences.delete(userId)
  bus.unlisten(userId)
}

/** Takes what came over the bus for a user. */
export const deliver: Deliver = (userId, envelope) => {
  const audience = audiences.get(userId)
  if (!audience) return
  if (audience.order) take(userId, audience, envelope)
  else audience.early.push(envelope)
}

function take(userId: number, audience: Audience, envelope: Buffer): void {
  const { header, frame } = open(envelope)
  switch (header.kind) {
    case 'change':
      return audience.order!.take(header, envelope)
    case 'member':
      return void tellMember(userId, audience, header, frame)
    case 'removed':
      audience.order!.leave(header.conversationId)
      return tell(userId, audience, frame)
    case 'signal':
      return tell(userId, audience, frame)
    case 'cut':
      for (const stream of audience.streams) if (stream.id === header.streamId) stream.end(cutFor)
      return
    case 'hang-up':
      for (const stream of audience.streams) if (stream.session === header.session) stream.end()
  }
}

/** What is the member's own has no number: it is told once everything up to the one it was true at is. */
async function tellMember(userId: number, audience: Audience, header: Member, frame: Buffer): Promise<void> {
  const { conversationId, seq } = header
  const isIn = audience.order!.isIn(conversationId)
  if (isIn) await audience.order!.settle(conversationId, seq)
  tell(userId, audience, frame)
  if (!isIn) audience.order!.join(conversationId, seq)
}

function tell(userId: number, audience: Audience, frame: Buffer, header?: Change): void {
  for (const stream of audience.streams) stream.tell(frame, header)
  if (header?.message && header.message.senderId !== userId && audience.streams.size > 0)
    streamEvents.emit('delivered', userId, header.conversationId, header.message.id)
}

/** Ends the streams of a session, in whichever worker they are. */
export function hangUp(userId: number, session: string): void {
  bus.publish([userId], hangUpEnvelope(session))
}

/** Who has a stream open in this worker. */
export const userIds = (): number[] => [...audiences.keys()]

/** Sees to it that these changes are told to everybody here whom they concern. @returns whether they were */
export async function settle(changed: Changed[]): Promise<boolean> {
  const settled: Promise<boolean>[] = []
  for (const { conversationId, seq, memberIds, goneIds } of changed) {
    for (const userId of memberIds)
      settled.push(audiences.get(userId)?.order?.settle(conversationId, seq) ?? Promise.resolve(true))
    for (const userId of goneIds) {
      const audience = audiences.get(userId)
      if (audience?.order?.isIn(conversationId)) take(userId, audience, conversationRemoved(conversationId))
    }
  }
  return (await Promise.all(settled)).every(Boolean)
}

const allStreams = () => audiences.values().flatMap(({ streams }) => streams)

let heartbeat: NodeJS.Timeout | undefined

/** One timer for all streams: a comment that keeps proxies from hanging up, and finds out who is gone. */
export function startHeartbeat(): void {
  heartbeat = setInterval(() => {
    for (const stream of allStreams()) stream.beat()
  }, heartbeatEvery)
}

/** Ends all streams, each told another delay to come back after, so that a restart is no stampede. */
export function closeStreams(): void {
  clearInterval(heartbeat)
  for (const stream of allStreams()) stream.end(500 + Math.random() * 4500)
}
