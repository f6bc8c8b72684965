import type { Socket } from 'node:net'
import { eventsOut } from '../metrics/measures.ts'
import { type Cursor, writeCursor } from './cursor.ts'
import { frame } from './envelope.ts'
import type { Missed } from './source.ts'
import { maxUnreadBytes, Stream } from './stream.ts'

const maxEndMs = 5000
const comment = Buffer.from(':\n\n')
const heartbeat = Buffer.from(`:\n${frame('heartbeat', {})}`)

type Connection = Pick<
  Socket,
  'write' | 'cork' | 'uncork' | 'destroySoon' | 'writable' | 'writableCorked' | 'writableLength' | 'on'
> & { destroy(): void }

/**
 * A stream of Server-Sent Events. A chunk is stamped on arrival: a later id would claim that what is queued behind it had
 * been read as well. As small as can be: thousands of these are idle at any time.
 */
export class SseStream extends Stream<Buffer> {
  readonly confirms = false
  readonly #heartbeat: Buffer
  readonly #socket: Connection
  readonly #stamper: Stamper
  /** The `id:` line of the replay: until all of it is written, the reader stands where they stood. */
  #idLine: Buffer | undefined

  /** @param isPage whether our own page reads it, which sees no comments */
  constructor(
    socket: Connection,
    stamper: Stamper,
    { isPage, ...stream }: { id: string; session: string; isPage: boolean },
  ) {
    super(stream)
    this.#socket = socket
    this.#stamper = stamper
    this.#heartbeat = isPage ? heartbeat : comment
  }

  /** Writes `connected`. */
  begin(userId: number, from: Cursor | undefined): void {
    const connected = frame('connected', { user_id: userId, server_time: new Date().toISOString() })
    this.#idLine = idLine(from)
    this.write(Buffer.concat([Buffer.from('retry: 3000\n'), this.#idLine, connected]))
  }

  override goLive(): void {
    this.#idLine = undefined
    super.goLive()
  }

  // A field would take memory in each.
  get kind(): 'sse' {
    return 'sse'
  }

  get isWritable(): boolean {
    return this.#socket.writable
  }

  beat(): void {
    this.write(this.#heartbeat)
  }

  end(retryMs: number): void {
    this.write(Buffer.from(`retry: ${Math.round(retryMs)}\n\n`))
    this.#socket.destroySoon()
    // A reader who reads nothing is not awaited.
    setTimeout(() => this.cut(), maxEndMs).unref()
  }

  cut(): void {
    this.#socket.destroy()
  }

  hangUp(): void {
    this.cut()
  }

  onClose(listener: () => void): void {
    this.#socket.on('close', listener)
  }

  protected encode(frame: Buffer): Buffer {
    return this.#stamper.stamp(frame)
  }

  /** Writes what the reader missed. */
  replay({ envelopes, positions }: Missed): void {
    for (const { frame } of envelopes) this.write(Buffer.concat([this.#idLine!, frame]))
    eventsOut.value += envelopes.length
    this.hasReplayed(positions)
  }

  /** A slow reader is cut, not awaited: they never hold up others. */
  protected write(chunk: Buffer): void {
    const socket = this.#socket
    if (socket.writableLength > maxUnreadBytes) this.cutUnread()
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
