import type { Socket } from 'node:net'
import { writeCursor } from './cursor.ts'
import { type ChangeHeader, frame } from './envelope.ts'
import type { Cursor, Missed } from './source.ts'

/** A reader with more unread output is cut, and reconnects with their cursor. */
const maxUnreadBytes = 1024 * 1024
const maxQueued = 10_000
const maxEndMs = 5000
const comment = Buffer.from(':\n\n')
const heartbeat = Buffer.from(`:\n${frame('heartbeat', {})}`)

/** The place of a change in its conversation. */
export type Place = Pick<ChangeHeader, 'conversationId' | 'seq'>

interface Queued {
  /** Stamped on arrival: a later id would claim that what is queued behind it had been read as well. */
  chunk: Buffer
  place: Place | undefined
}

type Connection = Pick<
  Socket,
  'write' | 'cork' | 'uncork' | 'destroySoon' | 'writable' | 'writableCorked' | 'writableLength'
> & { destroy(): void }

/** One open stream of events. As small as can be: thousands of these are idle at any time. */
export class Stream {
  readonly id: string
  readonly session: string
  readonly #heartbeat: Buffer
  readonly #socket: Connection
  readonly #stamper: Stamper
  /** What comes while the stream replays what it missed. */
  #queue: Queued[] | undefined = []
  /** Up to where it has replayed, by conversation. */
  #replayed: Map<number, number> | undefined
  /** The `id:` line of the replay: until all of it is written, the reader stands where they stood. */
  #idLine: Buffer | undefined

  /** @param isPage whether our own page reads it, which sees no comments */
  constructor(
    socket: Connection,
    stamper: Stamper,
    { id, session, isPage }: { id: string; session: string; isPage: boolean },
  ) {
    this.#socket = socket
    this.#stamper = stamper
    this.id = id
    this.session = session
    this.#heartbeat = isPage ? heartbeat : comment
  }

  /** Writes `connected`. */
  begin(userId: number, from: Cursor | undefined): void {
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

  /** @returns whether there is still a reader to write it to */
  send(frame: Buffer, place?: Place): boolean {
    const chunk = this.#stamper.stamp(frame)
    if (this.#queue) this.#enqueue({ chunk, place })
    else this.#writeUnread({ chunk, place })
    return this.#socket.writable
  }

  #writeUnread({ chunk, place }: Queued): void {
    if (!place || !this.#isReplayed(place)) this.#write(chunk)
  }

  #enqueue(queued: Queued): void {
    this.#queue!.push(queued)
    if (this.#queue!.length > maxQueued) this.cut()
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

  /** Ends it after what is written. @param retryMs after how long to reconnect */
  end(retryMs: number): void {
    this.#write(Buffer.from(`retry: ${Math.round(retryMs)}\n\n`))
    this.#socket.destroySoon()
    // A reader who reads nothing is not awaited.
    setTimeout(() => this.cut(), maxEndMs).unref()
  }

  cut(): void {
    this.#socket.destroy()
  }

  /** A slow reader is cut, not awaited: they never hold up others. */
  #write(chunk: Buffer): void {
    const socket = this.#socket
    if (socket.writableLength > maxUnreadBytes) this.cut()
    if (!socket.writable) return
    // What is written in one turn of the event loop leaves in one piece.
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    socket.write(chunk)
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
