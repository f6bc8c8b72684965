import type { Response } from 'express'
import { writeCursor } from './cursor.ts'
import { frame, open } from './envelope.ts'
import type { Change } from './order.ts'
import type { Cursor, Missed } from './source.ts'
import { cursor } from './watch.ts'

/** Beyond this much unread output a reader is cut; he comes back with his cursor. Bytes. */
const bufferLimit = 1024 * 1024
const comment = Buffer.from(':\n\n')
const heartbeat = Buffer.from(`:\n${frame('heartbeat', {})}`)

interface Queued {
  /** With the id of when it was told: a later one would say that what waits behind it was told too. */
  chunk: Buffer
  header: Change | undefined
}

/** One open stream of events. As small as can be: thousands of these are idle at any time. */
export class Stream {
  readonly id: string
  readonly session: string
  private readonly heartbeat: Buffer
  private readonly res: Response
  /** What is told while it is still told what it missed. */
  private queue: Queued[] | undefined = []
  /** What it was told already when it caught up, by conversation. */
  private ahead: Map<number, number> | undefined
  /** The `id:` line of what it missed: until all of that is written, it stands where it stood. */
  private idLine: Buffer | undefined

  /** @param isPage whether our own page reads it, which sees no comments */
  constructor(res: Response, { id, session, isPage }: { id: string; session: string; isPage: boolean }) {
    this.res = res
    this.id = id
    this.session = session
    this.heartbeat = isPage ? heartbeat : comment
  }

  /** Writes the headers and `connected`. */
  begin(userId: number, from: Cursor | undefined): void {
    this.res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
      // So that a server that shuts down does not wait for the socket to be used again.
      Connection: 'close',
    })
    const connected = frame('connected', { user_id: userId, server_time: new Date().toISOString() })
    this.idLine = idLine(from)
    this.write(Buffer.concat([Buffer.from('retry: 3000\n'), this.idLine, Buffer.from(connected)]))
  }

  /** Writes what it missed. */
  replay({ envelopes, positions }: Missed): void {
    for (const envelope of envelopes) this.write(Buffer.concat([this.idLine!, open(envelope).frame]))
    this.ahead = positions
  }

  /** From now on it is told what happens when it happens; first what happened meanwhile. */
  goLive(): void {
    const queue = this.queue ?? []
    this.queue = undefined
    this.idLine = undefined
    for (const queued of queue) this.show(queued)
  }

  tell(told: Buffer | string, header?: Change): void {
    const chunk = withId(typeof told === 'string' ? Buffer.from(told) : told)
    if (this.queue) this.enqueue({ chunk, header })
    else this.show({ chunk, header })
  }

  private show({ chunk, header }: Queued): void {
    if (!header || !this.knows(header)) this.write(chunk)
  }

  private enqueue(queued: Queued): void {
    this.queue!.push(queued)
    if (this.queue!.length > 10_000) this.res.destroy()
  }

  private knows({ conversationId, seq }: Change): boolean {
    const known = this.ahead?.get(conversationId)
    if (known === undefined) return false
    if (seq <= known) return true
    this.ahead!.delete(conversationId)
    return false
  }

  beat(): void {
    this.write(this.heartbeat)
  }

  /** @param delay ms after which to come back */
  end(delay?: number): void {
    if (delay === undefined) this.res.end()
    else this.res.end(`retry: ${Math.round(delay)}\n\n`)
  }

  /** Slow readers never hold up others: who does not read is cut, not waited for. */
  private write(chunk: Buffer): void {
    if (this.res.writableLength > bufferLimit) this.res.destroy()
    else if (!this.res.writableEnded) this.res.write(chunk)
  }
}

const idLine = (at: Cursor | undefined) => Buffer.from(at ? `id: ${writeCursor(at)}\n` : '')

let line: { of: Cursor | undefined; text: Buffer } = { of: undefined, text: Buffer.alloc(0) }
let last: { frame: Buffer; line: Buffer; chunk: Buffer } | undefined

/** A frame with its id, made once for all streams that are told it. */
function withId(frame: Buffer): Buffer {
  if (line.of !== cursor) line = { of: cursor, text: idLine(cursor) }
  if (last?.frame !== frame || last.line !== line.text)
    last = { frame, line: line.text, chunk: Buffer.concat([line.text, frame]) }
  return last.chunk
}
