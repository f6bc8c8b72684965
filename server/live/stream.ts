import type { Response } from 'express'
import { writeCursor } from './cursor.ts'
import { type ChangeHeader, frame } from './envelope.ts'
import type { Cursor, Missed } from './source.ts'

/** A reader with more unread output is cut, and reconnects with their cursor. */
const maxUnreadBytes = 1024 * 1024
const maxQueued = 10_000
const comment = Buffer.from(':\n\n')
const heartbeat = Buffer.from(`:\n${frame('heartbeat', {})}`)

/** The place of a change in its conversation. */
export type Place = Pick<ChangeHeader, 'conversationId' | 'seq'>

interface Queued {
  /** With the id of when it came: a later one would say that what is queued behind it was read too. */
  chunk: Buffer
  place: Place | undefined
}

/** One open stream of events. As small as can be: thousands of these are idle at any time. */
export class Stream {
  readonly id: string
  readonly session: string
  readonly #heartbeat: Buffer
  readonly #res: Response
  readonly #stamper: Stamper
  /** What comes while the stream replays what it missed. */
  #queue: Queued[] | undefined = []
  /** Up to where it has replayed, by conversation. */
  #replayed: Map<number, number> | undefined
  /** The `id:` line of the replay: until all of it is written, the reader stands where they stood. */
  #idLine: Buffer | undefined

  /** @param isPage whether our own page reads it, which sees no comments */
  constructor(
    res: Response,
    stamper: Stamper,
    { id, session, isPage }: { id: string; session: string; isPage: boolean },
  ) {
    this.#res = res
    this.#stamper = stamper
    this.id = id
    this.session = session
    this.#heartbeat = isPage ? heartbeat : comment
  }

  /** Writes the headers and `connected`. */
  begin(userId: number, from: Cursor | undefined): void {
    // The answer ends when the connection does: to mark its chunks would cost a quarter of writing them.
    this.#res.removeHeader('Transfer-Encoding')
    this.#res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
      // So that a server that shuts down does not wait for the socket to be used again.
      Connection: 'close',
    })
    const connected = frame('connected', { user_id: userId, server_time: new Date().toISOString() })
    this.#idLine = idLine(from)
    this.#write(Buffer.concat([Buffer.from('retry: 3000\n'), this.#idLine, connected]))
  }

  /** Writes what the reader missed. */
  replay({ envelopes, positions }: Missed): void {
    for (const envelope of envelopes) this.#write(Buffer.concat([this.#idLine!, envelope.frame]))
    this.#replayed = positions
  }

  /** From now on frames are written when they come; first those that came during the replay. */
  goLive(): void {
    const queue = this.#queue ?? []
    this.#queue = undefined
    this.#idLine = undefined
    for (const queued of queue) this.#writeUnread(queued)
  }

  send(frame: Buffer, place?: Place): void {
    const chunk = this.#stamper.stamp(frame)
    if (this.#queue) this.#enqueue({ chunk, place })
    else this.#writeUnread({ chunk, place })
  }

  #writeUnread({ chunk, place }: Queued): void {
    if (!place || !this.#isReplayed(place)) this.#write(chunk)
  }

  #enqueue(queued: Queued): void {
    this.#queue!.push(queued)
    if (this.#queue!.length > maxQueued) this.#res.destroy()
  }

  #isReplayed({ conversationId, seq }: Place): boolean {
    const position = this.#replayed?.get(conversationId)
    if (position === undefined) return false
    if (seq <= position) return true
    this.#replayed!.delete(conversationId)
    return false
  }

  beat(): void {
    this.#write(this.#heartbeat)
  }

  /** @param retryMs after how long to reconnect */
  end(retryMs?: number): void {
    if (retryMs === undefined) this.#res.end()
    else this.#res.end(`retry: ${Math.round(retryMs)}\n\n`)
  }

  /** A slow reader is cut, not awaited: they never hold up others. */
  #write(chunk: Buffer): void {
    if (this.#res.writableLength > maxUnreadBytes) this.#res.destroy()
    else if (!this.#res.writableEnded) this.#res.write(chunk)
  }
}

const idLine = (at: Cursor | undefined) => Buffer.from(at ? `id: ${writeCursor(at)}\n` : '')

/** Puts the current cursor on frames as their id: once for all streams that a frame is written to. */
export class Stamper {
  readonly #position: { readonly cursor: Cursor | undefined }
  #line: { of: Cursor | undefined; text: Buffer } = { of: undefined, text: Buffer.alloc(0) }
  #last: { frame: Buffer; line: Buffer; chunk: Buffer } | undefined

  constructor(position: { readonly cursor: Cursor | undefined }) {
    this.#position = position
  }

  stamp(frame: Buffer): Buffer {
    const { cursor } = this.#position
    if (this.#line.of !== cursor) this.#line = { of: cursor, text: idLine(cursor) }
    const { text } = this.#line
    if (this.#last?.frame !== frame || this.#last.line !== text)
      this.#last = { frame, line: text, chunk: Buffer.concat([text, frame]) }
    return this.#last.chunk
  }
}
