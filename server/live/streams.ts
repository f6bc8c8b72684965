import type { Response } from 'express'
import { bus, type Deliver } from './bus.ts'
import { fingerprint, frame, hangUpEnvelope, open } from './envelope.ts'

/** Beyond this much unread output a reader is cut; he comes back with his cursor. Bytes. */
const bufferLimit = 1024 * 1024
/** Below the contract's 20 s, and below the 30 s after which the most impatient proxies hang up. */
const heartbeatEvery = 15_000

/** One open stream. As small as can be: thousands of these are idle at any time. */
interface Stream {
  res: Response
  session: string
  /** The `id:` line of its events. */
  id: Buffer
}

/** The streams open in this worker, by user. */
const streams = new Map<number, Set<Stream>>()

/** Begins a stream: headers, `retry`, `connected`; listens for the user while any stream of his is open. */
export function openStream(res: Response, userId: number, sessionId: string, cursor: string): void {
  const stream: Stream = { res, session: fingerprint(sessionId), id: Buffer.from(`id: ${cursor}\n`) }
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    // So that a server that shuts down does not wait for the socket to be used again.
    Connection: 'close',
  })
  add(userId, stream)
  res.on('close', () => remove(userId, stream))
  const connected = frame('connected', { user_id: userId, server_time: new Date().toISOString() })
  write(stream, Buffer.from(`retry: 3000\nid: ${cursor}\n${connected}`))
}

function add(userId: number, stream: Stream): void {
  const open = streams.get(userId)
  if (open) open.add(stream)
  else {
    streams.set(userId, new Set([stream]))
    bus.listen(userId)
  }
}

function remove(userId: number, stream: Stream): void {
  const open = streams.get(userId)
  if (!open?.delete(stream) || open.size > 0) return
  streams.delete(userId)
  bus.unlisten(userId)
}

/** Slow readers never hold up others: who does not read is cut, not waited for. */
function write(stream: Stream, chunk: Buffer): void {
  if (stream.res.writableLength > bufferLimit) stream.res.destroy()
  else stream.res.write(chunk)
}

/** Writes what came over the bus to the user's streams in this worker. */
export const deliver: Deliver = (userId, envelope) => {
  const open_ = streams.get(userId)
  if (!open_) return
  const { header, frame } = open(envelope)
  for (const stream of open_) {
    if (header.kind !== 'hang-up') write(stream, Buffer.concat([stream.id, frame]))
    else if (header.session === stream.session) stream.res.end()
  }
}

/** Ends the streams of a session, in whichever worker they are. */
export function hangUp(userId: number, sessionId: string): void {
  bus.publish([userId], hangUpEnvelope(sessionId))
}

let heartbeat: NodeJS.Timeout | undefined

/** One timer for all streams: a comment that keeps proxies from hanging up and finds out who is gone. */
export function startHeartbeat(): void {
  const comment = Buffer.from(': \n\n')
  heartbeat = setInterval(() => {
    for (const open of streams.values()) for (const stream of open) write(stream, comment)
  }, heartbeatEvery)
}

/** Ends all streams, each with a delay of its own to come back after, so that a restart is no stampede. */
export function closeStreams(): void {
  clearInterval(heartbeat)
  for (const open of streams.values())
    for (const { res } of open) res.end(`retry: ${Math.round(500 + Math.random() * 4500)}\n\n`)
}
