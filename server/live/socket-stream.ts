import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { eventsOut } from '../metrics/measures.ts'
import { type Cursor, isLater } from './cursor.ts'
import { type ChangeHeader, type Envelope, frame, frameAsUpdate } from './envelope.ts'
import { inSendingOrder } from './in-sending-order.ts'
import type { ClientName, Place as ClientPlace, Position } from './places.ts'
import { type Frames, type Protocol, translated } from './protocol.ts'
import type { Missed } from './source.ts'
import { maxUnreadBytes, type Place, Stream } from './stream.ts'

const maxEndMs = 5000
/** The code of a socket whose session has ended: who comes back has to sign in first. */
export const signedOutCode = 4401
/** Heartbeats without an answer after which nobody is there. */
const maxUnanswered = 4
/** What is replayed is confirmed in steps. */
const stepBytes = 64 * 1024
/** How often it is kept where the client stands. */
const keepMs = 5000
/** What a client confirmed beyond its cursor is forgotten after so long, when the cursor has passed it. */
const positionMs = 15_000

interface Chunk {
  frames: Frames
  /** On arrival: a later one would claim that what is queued behind it had been written as well. */
  cursor: Cursor | undefined
}

/** What one pong confirms. */
interface Written {
  cursor: Cursor | undefined
  /** Undefined when nothing that was written needs confirming. */
  places: Map<number, Position & { othersId: number }> | undefined
}

/** What a stream has to know until it is live. */
interface Replaying {
  /** What the client confirmed before it came back. */
  confirmed: Map<number, Position> | undefined
  writtenIds: Set<number>
  /** In the order of changes, not all messages below the newest one that was written have been. */
  isInChangeOrder: boolean
  /** The newest messages of what is in that order, by conversation: of all, and of others. */
  newest: Map<number, Newest>
}

/** A WebSocket, and the socket beneath it. */
export interface Connected {
  webSocket: WebSocket
  socket: Duplex
}

export interface SocketHost {
  /** Where streams stand in this worker. */
  readonly position: { readonly cursor: Cursor | undefined; readonly history: string | undefined }
  /** The newest messages of others that reached a client of the user, by conversation. */
  arrived(userId: number, messageIds: Map<number, number>): void
  /** @returns whether it was */
  keep(client: ClientName, place: ClientPlace): Promise<boolean>
}

/**
 * A stream over a WebSocket, in the words of a protocol that has no acknowledgement of its own. Each turn of the event
 * loop that writes anything is followed by a ping: its pong, which every client sends, confirms what was written before.
 * Only that counts as delivered, and moves the place from which the client resumes.
 *
 * Most are idle most of the time: what they need only now and then is made when it is needed.
 */
export class SocketStream extends Stream<Chunk> {
  readonly #webSocket: WebSocket
  readonly #socket: Duplex
  readonly #protocol: Protocol
  readonly #userId: number
  readonly #client: ClientName
  readonly #host: SocketHost
  /** What waits for frames that are still being made; undefined when nothing does. */
  #tail: Promise<void> | undefined
  /** What is written in one turn of the event loop leaves in one piece, and in order. */
  #turn: { frames: string[]; place: Place | undefined }[] = []
  #turnLength = 0
  #written: Written = { cursor: undefined, places: undefined }
  /** What the ping under way confirms. */
  #pinged: Written | undefined
  #pings = 0
  #unanswered = 0
  #replaying: Replaying | undefined = newReplay()
  /** What the client confirmed; the positions are beyond the cursor. */
  #cursor: Cursor | undefined
  #positions: Map<number, Position & { at: number }> | undefined
  /** Whether all from before the cursor is confirmed, so that it can be kept. */
  #isStanding = false
  #keeping: NodeJS.Timeout | undefined
  #whenConfirmed: (() => void) | undefined

  constructor(
    { webSocket, socket }: Connected,
    { userId, client, ...stream }: { id: string; session: string; userId: number; client: ClientName },
    protocol: Protocol,
    host: SocketHost,
  ) {
    super(stream)
    this.#client = client
    this.#webSocket = webSocket
    this.#socket = socket
    this.#userId = userId
    this.#protocol = protocol
    this.#host = host
    webSocket.on('pong', (payload) => this.#answered(payload.toString()))
    webSocket.on('close', () => {
      this.#whenConfirmed?.()
      if (this.#keeping) void this.#keepNow()
    })
    webSocket.on('error', ignore)
  }

  // Fields would take memory in each.
  get kind(): 'socket' {
    return 'socket'
  }

  get confirms(): boolean {
    return true
  }

  get isWritable(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN
  }

  begin(userId: number, from: Cursor | undefined): void {
    this.#cursor = from
    this.#put(this.#protocol.greet(userId), { cursor: from, frames: [] }, undefined)
  }

  /** From now on what the client confirmed is left out. */
  leaveOut(confirmed: Map<number, Position>): void {
    this.#replaying!.confirmed = confirmed
    const at = Date.now()
    this.#positions = new Map([...confirmed].map(([id, position]) => [id, { ...position, at }]))
  }

  /** Replays what was missed. */
  async resume({ envelopes, positions }: Missed): Promise<void> {
    this.#replaying!.isInChangeOrder = true
    this.hasReplayed(positions)
    await this.#replayInOrder(envelopes)
    this.#confirmReplay()
  }

  /** Writes pages of messages that were not delivered. @param pageAfter those after a message's id */
  async start(pageAfter: (id: number) => Promise<Envelope[]>): Promise<void> {
    for (let last = 0; ; ) {
      const page = await pageAfter(last)
      if (page.length === 0 || !this.isWritable) return
      for (const { header, frame } of page) {
        const { conversationId, message } = header as ChangeHeader
        last = message!.id
        if (last <= (this.#replaying!.confirmed?.get(conversationId)?.messageId ?? 0)) continue
        // Of other changes of the conversation this says nothing.
        this.#writeMissed(frame, { ...(header as ChangeHeader), seq: 0 })
        await this.#keepPace()
      }
      await this.#confirmedAll()
    }
  }

  /** Writes pages of messages that changed. @param pageBehind those behind a change of a conversation */
  async catchUp(
    pageBehind: (place: { conversationId: number; seq: number }) => Promise<Envelope[]>,
  ): Promise<void> {
    this.#replaying!.isInChangeOrder = true
    for (let last = { conversationId: 0, seq: 0 }; ; ) {
      const page = await pageBehind(last)
      if (page.length === 0) return this.#confirmReplay()
      if (!this.isWritable) return
      last = page.at(-1)!.header as ChangeHeader
      await this.#replayInOrder(page)
    }
  }

  async #replayInOrder(envelopes: Envelope[]): Promise<void> {
    for (const envelope of inSendingOrder(envelopes, ({ header }) =>
      header.kind === 'change' ? header : undefined,
    )) {
      this.#replayOne(envelope)
      await this.#keepPace()
    }
    await this.#confirmedAll()
  }

  /** All of a replay in the order of changes is confirmed, and only now all messages up to the newest. */
  #confirmReplay(): void {
    if (!this.isWritable) return
    for (const [id, { messageId }] of this.#replaying!.newest) {
      const position = this.#positions?.get(id)
      if (position) position.messageId = Math.max(messageId, position.messageId)
    }
    this.#tellArrived(this.#replaying!.newest)
  }

  /** So much is confirmed before more is written: a slow reader gets on, however often they come back. */
  async #keepPace(): Promise<void> {
    if (this.#unread > stepBytes) await this.#confirmedAll()
  }

  /** About so many bytes, for what waits for the end of the turn is not encoded yet. */
  get #unread(): number {
    return this.#webSocket.bufferedAmount + this.#turnLength
  }

  /** A slow reader is cut, not awaited. */
  cutIfUnread(): void {
    if (this.#unread > maxUnreadBytes) this.cutUnread()
  }

  beat(): void {
    this.cutIfUnread()
    if (this.#pinged && ++this.#unanswered >= maxUnanswered) return this.cut()
    if (!this.#pinged && this.isWritable) this.#ping()
  }

  end(_retryMs: number): void {
    this.#sendTurn()
    this.#webSocket.close(1012)
    setTimeout(() => this.cut(), maxEndMs).unref()
  }

  cut(): void {
    this.#webSocket.terminate()
  }

  hangUp(): void {
    this.#webSocket.close(signedOutCode)
    setTimeout(() => this.cut(), maxEndMs).unref()
  }

  onClose(listener: () => void): void {
    this.#webSocket.on('close', listener)
  }

  /**
   * All from before is confirmed: from now on where the client stands is kept, and before anything more is written to it:
   * of a client that stands nowhere nobody would know what it missed. @param from where it stands
   */
  async stand(from: Cursor): Promise<void> {
    if (!this.isWritable) return
    this.#cursor = from
    this.#isStanding = true
    await this.#keepNow()
  }

  /** Resolves when the client has confirmed all that was written, or is gone. */
  async #confirmedAll(): Promise<void> {
    await this.#tail
    if (!this.isWritable || (!this.#pinged && !this.#written.places)) return
    if (!this.#pinged) this.#ping()
    await new Promise<void>((resolve) => {
      this.#whenConfirmed = resolve
    })
  }

  /** To load afresh there is no word: who comes back is told in pages what they did not confirm. */
  override send(frame: Buffer, place?: Place): boolean {
    if (frame.subarray(0, resync.length).equals(resync)) this.cut()
    return super.send(frame, place)
  }

  protected encode(frame: Buffer): Chunk {
    return { frames: translated(this.#protocol, frame), cursor: this.#host.position.cursor }
  }

  #replayOne({ header, frame }: Envelope): void {
    if (header.kind !== 'change') return this.#writeMissed(frame, undefined)
    const { conversationId, seq, message } = header
    const known = this.#replaying!.confirmed?.get(conversationId)
    if (known && seq <= known.seq) return
    if (message && this.#replaying!.writtenIds.has(message.id)) return
    // What is undelivered has come in pages: all others, also new ones, are delivered as updates.
    const isKnown =
      message && (this.#protocol.replays === 'undelivered' || message.id <= (known?.messageId ?? 0))
    // As a message it may still come: one's own, sent meanwhile.
    if (isKnown) this.#writeMissed(frameAsUpdate(frame), { conversationId, seq })
    else this.#writeMissed(frame, header)
  }

  /** Until all of it is confirmed, the client stands where it stood. */
  #writeMissed(frame: Buffer, place: Place | undefined): void {
    if (place?.message) this.#replaying!.writtenIds.add(place.message.id)
    eventsOut.value++
    this.write({ frames: translated(this.#protocol, frame), cursor: this.#cursor }, place)
  }

  override goLive(): void {
    this.#replaying!.isInChangeOrder = false
    super.goLive()
    this.#replaying = undefined
  }

  protected override isReplayed(place: Place): boolean {
    const { message } = place
    if (message && this.#replaying?.writtenIds.has(message.id)) return true
    // Of messages, the pages hold those of others alone.
    return message && this.#protocol.replays === 'undelivered' ? false : super.isReplayed(place)
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
    this.cutIfUnread()
    if (!this.isWritable) return
    this.#written.cursor = cursor
    if (place && this.#protocol.replays !== 'nothing') this.#note(place)
    if (frames.length === 0) return
    if (this.#turn.length === 0) process.nextTick(() => this.#endTurn())
    this.#turn.push({ frames, place })
    for (const frame of frames) this.#turnLength += frame.length
  }

  #endTurn(): void {
    this.#socket.cork()
    this.#sendTurn()
    if (!this.#pinged && this.#written.places && this.isWritable) this.#ping()
    this.#socket.uncork()
  }

  #sendTurn(): void {
    const turn = inSendingOrder(this.#turn, ({ place }) => place)
    this.#turn = []
    this.#turnLength = 0
    if (!this.isWritable) return
    for (const { frames } of turn) for (const frame of frames) this.#webSocket.send(frame)
  }

  #note({ conversationId, seq, message }: Place): void {
    this.#written.places ??= new Map()
    const before = this.#written.places.get(conversationId)
    const newest = {
      messageId: message?.id ?? 0,
      othersId: message && message.senderId !== this.#userId ? message.id : 0,
    }
    const replaying = this.#replaying?.isInChangeOrder ? this.#replaying : undefined
    if (replaying) {
      replaying.newest.set(conversationId, later(newest, replaying.newest.get(conversationId)))
      newest.messageId = newest.othersId = 0
    }
    this.#written.places.set(conversationId, {
      seq: Math.max(seq, before?.seq ?? 0),
      ...later(newest, before),
    })
  }

  #ping(): void {
    this.#sendTurn()
    this.#pinged = this.#written
    this.#written = { cursor: this.#pinged.cursor, places: undefined }
    this.#webSocket.ping(String(++this.#pings))
  }

  /** A client may also send pongs that answer nothing. */
  #answered(payload: string): void {
    const confirmed = this.#pinged
    if (!confirmed || payload !== String(this.#pings)) return
    this.#pinged = undefined
    this.#unanswered = 0
    this.#confirm(confirmed)
    if (this.#written.places) this.#ping()
    else this.#whenConfirmed?.()
  }

  #confirm({ cursor, places }: Written): void {
    if (isLater(cursor, this.#cursor)) this.#cursor = cursor
    if (!places) return
    const at = Date.now()
    this.#positions ??= new Map()
    for (const [id, { seq, messageId }] of places) {
      const before = this.#positions.get(id)
      this.#positions.set(id, {
        seq: Math.max(seq, before?.seq ?? 0),
        messageId: Math.max(messageId, before?.messageId ?? 0),
        at,
      })
    }
    this.#tellArrived(places)
    this.#keepLater()
  }

  #tellArrived(places: Map<number, { othersId: number }>): void {
    const arrived = [...places].filter(([, { othersId }]) => othersId > 0)
    if (arrived.length > 0)
      this.#host.arrived(this.#userId, new Map(arrived.map(([id, { othersId }]) => [id, othersId])))
  }

  #keepLater(): void {
    if (this.#isStanding) this.#keeping ??= setTimeout(() => void this.#keepNow(), keepMs).unref()
  }

  async #keepNow(): Promise<void> {
    clearTimeout(this.#keeping)
    this.#keeping = undefined
    const { history } = this.#host.position
    const before = Date.now() - positionMs
    const positions = new Map([...(this.#positions ?? [])].filter(([, { at }]) => at >= before))
    this.#positions = positions.size > 0 ? positions : undefined
    if (!this.#cursor || !history) return
    const isKept = await this.#host.keep(this.#client, {
      cursor: this.#cursor,
      history,
      positions: new Map([...positions].map(([id, { seq, messageId }]) => [id, { seq, messageId }])),
    })
    if (!isKept) this.#keepLater()
  }
}

const ignore = () => {}

const newReplay = (): Replaying => ({
  confirmed: undefined,
  writtenIds: new Set(),
  isInChangeOrder: false,
  newest: new Map(),
})

interface Newest {
  messageId: number
  othersId: number
}

const later = (a: Newest, b: Newest | undefined): Newest => ({
  messageId: Math.max(a.messageId, b?.messageId ?? 0),
  othersId: Math.max(a.othersId, b?.othersId ?? 0),
})

const resync = frame('resync', {})
