import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Response } from 'express'
import { bus, type Deliver } from './bus.ts'
import { fingerprint, frame, hangUpEnvelope, open } from './envelope.ts'

/** Beyond this much unread output a reader is cut; he comes back with his cursor. Bytes. */
const bufferLimit = 1024 * 1024
/** Below the contract's 20 s. */
const heartbeatEvery = 15_000

/** One open stream. As small as can be: thousands of these are idle at any time. */
interface Stream {
  res: Response
  session: string
  /** The `id:` line of its events. */
  id: Buffer
}

/** A user's streams in this worker; the bus listens for him as long as there is one. */
interface Audience {
  streams: Set<Stream>
  /** Streams open, or about to be. */
  size: number
  listening: Promise<void>
  /** Conversations he was removed from: what was sent before and comes after that is not for him. */
  gone: Set<number>
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
 * Begins a stream: headers, `retry`, `connected`. Whoever reads `connected` may rely on hearing everything that is
 * sent from then on.
 */
export async function openStream(
  res: Response,
  userId: number,
  session: string,
  cursor: string,
  manner: Manner,
): Promise<void> {
  const stream = { res, session: fingerprint(session), id: Buffer.from(`id: ${cursor}\n`) }
  const audience = enter(userId)
  res.on('close', () => leave(userId, audience, stream))
  await audience.listening
  if (res.closed) return
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    // So that a server that shuts down does not wait for the socket to be used again.
    Connection: 'close',
  })
  const connected = frame('connected', { user_id: userId, server_time: new Date().toISOString() })
  write(stream, Buffer.from(`retry: 3000\nid: ${cursor}\n${connected}`))
  audience.streams.add(stream)
  const opened = { id: randomUUID(), userId, session: stream.session, ...manner }
  res.on('close', () => streamEvents.emit('closed', opened))
  streamEvents.emit('opened', opened)
}

function enter(userId: number): Audience {
  const audience = audiences.get(userId) ?? {
    streams: new Set(),
    size: 0,
    listening: bus.listen(userId),
    gone: new Set(),
  }
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

/** Slow readers never hold up others: who does not read is cut, not waited for. */
function write({ res }: Stream, chunk: Buffer): void {
  if (res.writableLength > bufferLimit) res.destroy()
  else res.write(chunk)
}

/** Writes what came over the bus to the user's streams in this worker. */
export const deliver: Deliver = (userId, envelope) => {
  const audience = audiences.get(userId)
  if (!audience || audience.streams.size === 0) return
  const { header, frame } = open(envelope)
  if (header.kind === 'hang-up') return end(audience, header.session)
  if (header.kind === 'removed') audience.gone.add(header.conversationId)
  if (header.kind === 'change' && isGone(audience, header.conversationId, frame)) return
  for (const stream of audience.streams) write(stream, Buffer.concat([stream.id, frame]))
  if (header.kind === 'change' && header.message && header.message.senderId !== userId)
    streamEvents.emit('delivered', userId, header.conversationId, header.message.id)
}

/** Only members are told that their conversation changed: who hears that is back in. */
function isGone({ gone }: Audience, conversationId: number, frame: Buffer): boolean {
  if (gone.has(conversationId) && isConversationUpdated(frame)) gone.delete(conversationId)
  return gone.has(conversationId)
}

const isConversationUpdated = (frame: Buffer) =>
  frame.toString('latin1', 0, 40).startsWith('event: conversation_updated\n')

function end(audience: Audience, session: string): void {
  for (const stream of audience.streams) if (stream.session === session) stream.res.end()
}

/** Ends the streams of a session, in whichever worker they are. */
export function hangUp(userId: number, session: string): void {
  bus.publish([userId], hangUpEnvelope(session))
}

const allStreams = () => audiences.values().flatMap(({ streams }) => streams)

let heartbeat: NodeJS.Timeout | undefined

/** One timer for all streams: a comment that keeps proxies from hanging up, and finds out who is gone. */
export function startHeartbeat(): void {
  const comment = Buffer.from(':\n\n')
  heartbeat = setInterval(() => {
    for (const stream of allStreams()) write(stream, comment)
  }, heartbeatEvery)
}

/** Ends all streams, each told another delay to come back after, so that a restart is no stampede. */
export function closeStreams(): void {
  clearInterval(heartbeat)
  for (const { res } of allStreams()) res.end(`retry: ${Math.round(500 + Math.random() * 4500)}\n\n`)
}
