import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Response } from 'express'
import { limits } from '../contract/limits.ts'
import { Audience } from './audience.ts'
import { bus, type Deliver } from './bus.ts'
import { cutEnvelope, fingerprint, hangUpEnvelope, signal } from './envelope.ts'
import { roster } from './roster.ts'
import { type Changed, type Cursor, type Missed, source } from './source.ts'
import { Stream } from './stream.ts'
import { cursor } from './watch.ts'

/** Below the contract's 20 s. */

/** Who has a stream in this worker; the bus listens for him as long as there is one. */
const audiences = new Map<number, Audience>()

/** What happens to streams, for features to follow; `live` itself knows none of them. */
export const streamEvents = new EventEmitter<{
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
  if (res.closed) return
  const audience = enter(userId)
  const stream = new Stream(res, { ...opened, isPage: manner.attended !== undefined })
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

/** First, so that nothing of what comes is taken for the next thing after what he knows. */
const loadAfresh: Missed = { envelopes: [signal('resync', {})], positions: new Map() }

async function catchUp(stream: Stream, userId: number, from: Cursor | 'unknown'): Promise<void> {
  const missed = from === 'unknown' ? undefined : await source.missedSince(userId, from)
  stream.replay(missed ?? loadAfresh)
}

function enter(userId: number): Audience {
  const audience = audiences.get(userId) ?? new Audience(userId, bus.listen(userId))
  audiences.set(userId, audience)
  audience.size++
  return audience
}

function leave(userId: number, audience: Audience, stream: Stream): void {
  audience.streams.delete(stream)
  if (--audience.size > 0) return
  audiences.delete(userId)
  bus.unlisten(userId)
}

/** Takes what came over the bus for a user. */
export const deliver: Deliver = (userId, envelope) => audiences.get(userId)?.take(envelope)

/** Ends the streams of a session, in whichever worker they are. */
export function hangUp(userId: number, session: string): void {
  bus.publish([userId], hangUpEnvelope(fingerprint(session)))
}

/** The sessions, by their fingerprints, that have a stream open in this worker. */
export const openSessions = (): { userId: number; session: string }[] =>
  [...audiences].flatMap(([userId, { streams }]) =>
    [...new Set([...streams].map(({ session }) => session))].map((session) => ({ userId, session })),
  )

/** Who has a stream open in this worker. */
export const userIds = (): number[] => [...audiences.keys()]

/** Sees to it that these changes are told to everybody here whom they concern. @returns whether they were */
export async function settle(changed: Changed[]): Promise<boolean> {
  const settled = changed.flatMap(({ conversationId, seq, memberIds, goneIds }) => {
    for (const userId of goneIds) audiences.get(userId)?.lose(conversationId)
    return memberIds.map((userId) => audiences.get(userId)?.settle(conversationId, seq) ?? true)
  })
  return (await Promise.all(settled)).every(Boolean)
}

const allStreams = () => audiences.values().flatMap(({ streams }) => streams)

let heartbeat: NodeJS.Timeout | undefined

/** One timer for all streams: keeps proxies from hanging up, finds out who is gone, and shows our page that it is not. */
export function startHeartbeat(): void {
  heartbeat = setInterval(() => {
    for (const stream of allStreams()) stream.beat()
  }, limits.streamHeartbeatMs)
}

/** Ends all streams, each told another delay to come back after, so that a restart is no stampede. */
export function closeStreams(): void {
  clearInterval(heartbeat)
  for (const stream of allStreams()) stream.end(500 + Math.random() * 4500)
}
