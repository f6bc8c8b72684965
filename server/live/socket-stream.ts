import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Cursor } from './cursor.ts'
import type { Envelope } from './envelope.ts'
import type { Place as ClientPlace } from './places.ts'
import { type Frames, type Protocol, translated } from './protocol.ts'
import type { Missed } from './source.ts'
import { maxUnreadBytes } from './sse-stream.ts'
import { type Place, Stream } from './stream.ts'

const maxEndMs = 5000
/** Heartbeats without an answer after which nobody is there. */
const maxUnanswered = 2
/** How often it is kept where the client stands. */
const keepMs = 5000
/** What a client confirmed beyond its cursor is forgotten after so long, when the cursor has passed it. */
const positionMs = 15_000

interface Chunk {
  frames: Frames
  /** On arrival: a later one would claim that what is queued behind it had been written as well. */
  cursor: Cursor | undefined
}

/** What was written, in one answer to a ping. */
interface Written {
  cursor: Cursor | undefined
  places: Map<number, { seq: number; messageId: number | undefined }>
}

/** A WebSocket, and the socket beneath it. */
export interface Connected {
  webSocket: WebSocket
  socket: Duplex
}

export interface SocketHost {
  /** Where streams stand in this worker. */
  readonly position: { readonly cursor: Cursor | undefined; readonly history: string | undefined }
  /** The newest messages of others that reached the client, by conversation. */
  arrived(messageIds: Map<number, number>): void
  keep(place: ClientPlace): void
}

/**
 * A stream over a WebSocket, in the words of a protocol whose clients confirm nothing by themselves. Each turn of the event
 * loop that writes anything is followed by a ping: its pong, which every client sends, confirms what was written before.
 * Only that counts as delivered, and moves the place from which the client resumes.
 */
export class SocketStream extends Stream<Chunk> {
  readonly #webSocket: WebSocket
  readonly #socket: Duplex
  readonly #protocol: Protocol
  readonly #userId: number
  readonly #host: SocketHost
  /** What waits for frames that are still being made; undefined when nothing does. */
  #tail: Promise<void> | undefined
  #written: Written = nothing()
  /** What the ping under way confirms. */
  #pinged: Written | undefined
  #unanswered = 0
  #resumedAt: Map<number, number> | undefined
  readonly #replayedIds = new Set<number>()
  #confirmed: { cursor: Cursor | undefined; positions: Map<number, { seq: number; at: number }> } = {
    cursor: undefined,
    positions: new Map(),
  }
  #keeping: NodeJS.Timeout | undefined
  #whenConfirmed: (() => void) | undefined

  constructor(
    { webSocket, socket }: Connected,
    { userId, ...stream }: { id: string; session: string; userId: number },
    protocol: Protocol,
    host: SocketHost,
  ) {
    super(stream)
    this.#webSocket = webSocket
    this.#socket = socket
    this.#userId = userId
    this.#protocol = protocol
    this.#host = host
    webSocket.on('pong', () => this.#answered())
    webSocket.on('close', () => this.#keepNow())
    webSocket.on('error', () => {})
  }

  readonly confirms = true

  get isWritable(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN
  }

  begin(userId: number, from: Cursor | undefined): void {
    this.#confirmed.cursor = from
    this.#put(this.#protocol.greet(userId), { cursor: from, frames: [] }, undefined)
  }

  /** Replays what was missed, without what the client confirmed: up to which `seq`, by conversation. */
  resume(missed: Missed, positions: Map<number, number>): void {
    this.#resumedAt = positions
    this.replay(missed)
  }

  /**
   * Writes pages of messages, each when the one before was confirmed.
   * @param known up to which `seq` a client that begins now knows what is stored, by conversation
   * @param pageAfter those after a message's id
   */
  async start(known: Map<number, number>, pageAfter: (id: number) => Promise<Envelope[]>): Promise<void> {
    const at = Date.now()
    for (const [conversationId, seq] of known) this.#confirmed.positions.set(conversationId, { seq, at })
    this.#keepLater()
    for (let last = 0; ; ) {
      const page = await pageAfter(last)
      if (page.length === 0) return
      for (const envelope of page) {
        if (envelope.header.kind === 'change') last = envelope.header.message?.id ?? last
        this.writeMissed(envelope)
      }
      await this.#confirmedAll()
      if (!this.isWritable) return
    }
  }

  beat(): void {
    if (this.#pinged && ++this.#unanswered >= maxUnanswered) return this.cut()
    if (!this.#pinged && this.isWritable) this.#ping()
  }

  end(_retryMs: number): void {
    this.#webSocket.close(1012)
    setTimeout(() => this.cut(), maxEndMs).unref()
  }

  cut(): void {
    this.#webSocket.terminate()
  }

  onClose(listener: () => void): void {
    this.#webSocket.on('close', listener)
  }

  /** Resolves when the client has confirmed all that was written, or is gone. */
  async #confirmedAll(): Promise<void> {
    await this.#tail
    if (!this.isWritable || (!this.#pinged && this.#written.places.size === 0)) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#whenConfirmed = resolve
    this.onClose(resolve)
    await promise
  }

  protected encode(frame: Buffer): Chunk {
    return { frames: translated(this.#protocol, frame), cursor: this.#host.position.cursor }
  }

  protected writeMissed({ header, frame }: Envelope): void {
    const place = header.kind === 'change' ? header : undefined
    const position = place && this.#resumedAt?.get(place.conversationId)
    if (position !== undefined && place!.seq <= position) return
    if (!this.#protocol.replaysOwn && place?.message?.senderId === this.#userId) return
    if (place?.message) this.#replayedIds.add(place.message.id)
    this.write({ frames: translated(this.#protocol, frame), cursor: this.#confirmed.cursor }, place)
  }

  override goLive(): void {
    super.goLive()
    this.#replayedIds.clear()
  }

  protected override isReplayed(place: Place): boolean {
    return (place.message && this.#replayedIds.has(place.message.id)) || super.isReplayed(place)
  }

  protected write(chunk: Chunk, place: Place | undefined): void {
    if (!this.#tail && Array.isArray(chunk.frames)) return this.#put(chunk.frames, chunk, place)
    const tail = (this.#tail ?? Promise.resolve())
      .then(async () => this.#put(await chunk.frames, chunk, place))
      // Its client comes back, and is told what it did not confirm.
      .catch(() => this.cut())
      .finally(() => {
        if (this.#tail === tail) this.#tail = undefined
      })
    this.#tail = tail
  }

  #put(frames: string[], { cursor }: Chunk, place: Place | undefined): void {
    if (this.#webSocket.bufferedAmount > maxUnreadBytes) this.cut()
    if (!this.isWritable) return
    this.#written.cursor = cursor
    if (place) this.#note(place)
    if (frames.length === 0) return
    const isFirst = this.#socket.writableCorked === 0
    if (isFirst) this.#socket.cork()
    for (const frame of frames) this.#webSocket.send(frame)
    // What is written in one turn of the event loop leaves in one piece, its ping included.
    if (isFirst)
      process.nextTick(() => {
        if (!this.#pinged && this.#written.places.size > 0 && this.isWritable) this.#ping()
        this.#socket.uncork()
      })
  }

  #note({ conversationId, seq, message }: Place): void {
    const isOfOthers = message && message.senderId !== this.#userId
    const messageId = isOfOthers ? message.id : this.#written.places.get(conversationId)?.messageId
    this.#written.places.set(conversationId, { seq, messageId })
  }

  #ping(): void {
    this.#pinged = this.#written
    this.#written = { ...nothing(), cursor: this.#pinged.cursor }
    this.#webSocket.ping()
  }

  #answered(): void {
    const confirmed = this.#pinged
    if (!confirmed) return
    this.#pinged = undefined
    this.#unanswered = 0
    this.#confirm(confirmed)
    if (this.#written.places.size > 0) this.#ping()
    else this.#whenConfirmed?.()
  }

  #confirm({ cursor, places }: Written): void {
    this.#confirmed.cursor = cursor
    if (places.size === 0) return
    const at = Date.now()
    for (const [conversationId, place] of places) {
      const seq = Math.max(place.seq, this.#confirmed.positions.get(conversationId)?.seq ?? 0)
      this.#confirmed.positions.set(conversationId, { seq, at })
    }
    const messageIds = [...places].flatMap(([id, { messageId }]): [number, number][] =>
      messageId ? [[id, messageId]] : [],
    )
    if (messageIds.length > 0) this.#host.arrived(new Map(messageIds))
    this.#keepLater()
  }

  #keepLater(): void {
    if (this.#protocol.resumes) this.#keeping ??= setTimeout(() => this.#keepNow(), keepMs).unref()
  }

  #keepNow(): void {
    if (!this.#keeping) return
    clearTimeout(this.#keeping)
    this.#keeping = undefined
    const { cursor, positions } = this.#confirmed
    const { history } = this.#host.position
    const before = Date.now() - positionMs
    for (const [id, { at }] of positions) if (at < before) positions.delete(id)
    if (!cursor || !history) return
    this.#host.keep({ cursor, history, positions: new Map([...positions].map(([id, { seq }]) => [id, seq])) })
  }
}

const nothing = (): Written => ({ cursor: undefined, places: new Map() })
