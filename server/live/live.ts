import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { limits } from '../contract/limits.ts'
import { log } from '../log.ts'
import { cursorAge, deliverySeconds, streams, streamsOpened } from '../metrics/measures.ts'
import { unavailable } from '../web/problem.ts'
import { takeConnection } from '../web/take-connection.ts'
import type { Bus, ConnectBus, Publisher } from './bus.ts'
import { type Cursor, isLater } from './cursor.ts'
import {
  type ChangeHeader,
  conversationRemoved,
  cutEnvelope,
  fingerprint,
  type MemberHeader,
  type Publication,
  publicationOf,
  signal,
} from './envelope.ts'
import { Memberships } from './memberships.ts'
import type { Place } from './places.ts'
import { Poller } from './poller.ts'
import type { Protocol } from './protocol.ts'
import type { Roster } from './roster.ts'
import type { Fetched } from './sequencer.ts'
import { Sequencers } from './sequencers.ts'
import { type Connected, type SocketHost, SocketStream } from './socket-stream.ts'
import type { Changed, Missed, Source } from './source.ts'
import { SseStream, Stamper } from './sse-stream.ts'
import type { Stream } from './stream.ts'
import { Subscribers } from './subscriber.ts'

/** A stream that was cut to make room reconnects after so long: at once, it would push out another. */
const cutRetryMs = 60_000

export interface LiveOptions {
  bus: ConnectBus
  roster: Roster
  source: Source
  /** The database was restored from a backup: nothing that this process knows of it holds. */
  restored(): void
}

/** What happens to streams, for features to follow; `live` itself knows none of them. */
export interface LiveEvents {
  /** Someone else's message was written to at least one stream of each of these users. */
  delivered: [message: { conversationId: number; messageId: number; userIds: number[] }]
  opened: [stream: OpenedStream]
  closed: [stream: OpenedStream]
}

export interface StreamOptions {
  /** Our own page says whether it is visible; programs say nothing. */
  attended: boolean | undefined
  /** An EventSource reconnected by itself. */
  isReconnect: boolean
}

export interface OpenedStream extends StreamOptions {
  id: string
  userId: number
  /** The fingerprint of its session. */
  session: string
  /** Its client confirms what arrived: until then nothing counts as delivered by it. */
  confirms: boolean
}

/** Whose stream is opened. */
export interface Reader {
  userId: number
  sessionId: string
}

/** How one kind of stream is opened. */
interface Opening<S extends Stream> {
  /** Takes its connection. @returns something false when that is gone */
  connect(): S | false | undefined
  /** Where its reader stands. */
  from: Cursor | undefined
  /** Writes what the reader missed. */
  catchUp(stream: S): Promise<void>
}

type ChangePlace = Pick<ChangeHeader, 'conversationId' | 'seq'>

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
}

/** Sent before anything else: otherwise the reader would append the next change to outdated state. */
const loadAfresh: Missed = { envelopes: [signal('resync', {})], positions: new Map() }

/** So many transactions were open, or not yet on the disk, when a database crashed, at most. */
const lostXids = 1000n

/** What was sent before a cursor may have been committed so much later. ms */
const maxTransactionMs = 10_000

/** Another one for each stream, so that a restart is no stampede. ms */
const reconnectDelay = () => 500 + Math.random() * 4500

/** The streams of one worker, and what feeds them. */
export class Live implements Publisher {
  readonly events = new EventEmitter<LiveEvents>()
  readonly #bus: Bus
  readonly #roster: Roster
  readonly #source: Source
  readonly #poller: Poller
  readonly #stamper: Stamper
  readonly #socketHost: SocketHost
  readonly #sequencers: Sequencers
  readonly #memberships = new Memberships()
  readonly #subscribers = new Subscribers()
  #heartbeat: NodeJS.Timeout | undefined
  #isEnding = false

  constructor({ bus, roster, source, restored }: LiveOptions) {
    const poller = new Poller({ source, userIds: this.userIds, advance: this.#advance, restored })
    this.#poller = poller
    this.#stamper = new Stamper(poller)
    this.#socketHost = this.#hostOfSockets(source)
    this.#roster = roster
    this.#source = source
    this.#sequencers = new Sequencers({
      reached: () => Number(poller.cursor!.xmin),
      fetch: this.#fetch,
      write: (publication) => this.#write(publication),
      suspectRestore: () => void poller.pollInBetween(),
    })
    this.#bus = bus({ deliver: this.deliver, hears: poller.hears })
  }

  /** One timer for all streams: keeps proxies from hanging up, and finds out who is gone. */
  async start(): Promise<void> {
    await this.#poller.start()
    streams.read = this.#countStreams
    cursorAge.read = () => ({ all: (Date.now() - (this.#poller.cursor?.time ?? Date.now())) / 1000 })
    this.#heartbeat = setInterval(() => {
      for (const stream of this.#subscribers.streams()) stream.beat()
    }, limits.streamHeartbeatMs)
  }

  #countStreams = () => {
    const count = { sse: 0, socket: 0 }
    for (const { kind } of this.#subscribers.streams()) count[kind]++
    return count
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    await this.#poller.stop()
    await this.#bus.close()
  }

  publish = (publication: Publication): void => this.#bus.publish(publication)

  /** Hands what was published to the streams of its recipients in this worker. */
  deliver = ({ header, parts, at }: Publication): void => {
    // Without a cursor there are no streams yet.
    if (!this.#poller.cursor) return
    switch (header.kind) {
      case 'change':
        return this.#sequencers.of(header.conversationId).push({ header, parts, at })
      case 'member':
        return void this.#deliverView(header, parts)
      case 'removed':
        return this.#writeMembership(header, false, parts)
      case 'signal':
        return this.#write({ header, parts })
      case 'cut':
        for (const { subscriber } of this.#subscribers.among(parts))
          for (const stream of subscriber.streams) if (stream.id === header.streamId) stream.end(cutRetryMs)
        return
      case 'hang-up':
        for (const { subscriber } of this.#subscribers.among(parts)) subscriber.hangUp(header.session)
    }
  }

  /** Ends the streams of a session in this worker. */
  hangUp = (userId: number, session: string): void => this.#subscribers.of(userId)?.hangUp(session)

  /** A member's own view has no number: it is written after everything up to the one it was true at. */
  async #deliverView(header: MemberHeader, parts: Publication['parts']): Promise<void> {
    const { conversationId, seq, isJoin, isNew } = header
    const sequencer = this.#sequencers.of(conversationId)
    if (isNew) sequencer.begin(seq)
    // For who joins, it is the first they hear of it.
    if (!isJoin && !sequencer.isWritten(seq)) await sequencer.advanceTo(seq)
    if (isJoin) this.#writeMembership(header, true, parts)
    else this.#write({ header, parts })
  }

  /** Writes that users are members since `seq`, or none any more. */
  #writeMembership(
    { conversationId, seq }: ChangePlace,
    isMember: boolean,
    parts: Publication['parts'],
  ): void {
    for (const { userIds, frame } of parts)
      for (const userId of userIds) {
        this.#memberships.note(conversationId, userId, isMember, seq)
        this.#subscribers.of(userId)?.send(frame)
      }
  }

  #write({ header, parts, at }: Publication): void {
    if (header.kind === 'change') {
      const isWritten = this.#writeChange(header, parts)
      // Another machine's clock may be ahead.
      if (at && isWritten) deliverySeconds.observe(Math.max(0, Date.now() - at) / 1000)
      return
    }
    for (const { subscriber, frame } of this.#subscribers.among(parts)) subscriber.send(frame)
  }

  /** @returns whether anybody is here to whom it was written */
  #writeChange(header: ChangeHeader, parts: Publication['parts']): boolean {
    const { conversationId, seq, message } = header
    const unconcerned = this.#memberships.unconcerned(conversationId, seq)
    const reached: number[] = []
    let isWritten = false
    for (const { userId, subscriber, frame } of this.#subscribers.among(parts)) {
      if (unconcerned?.has(userId)) continue
      const isReached = subscriber.send(frame, header)
      isWritten = true
      if (isReached && userId !== message?.senderId) reached.push(userId)
    }
    if (message && reached.length > 0)
      this.events.emit('delivered', { conversationId, messageId: message.id, userIds: reached })
    return isWritten
  }

  /** Looks for the recipients when all is known: who comes during a question has not replayed what it finds. */
  #fetch = async (conversationId: number, after: number | undefined): Promise<Fetched | undefined> => {
    const found = await this.#source.changesAfter(conversationId, after ?? this.#poller.cursor!)
    if (!found) return undefined
    const { envelopes, seq, isChanged, memberIds } = found
    const publications = envelopes.map((envelope) => publicationOf(memberIds, envelope))
    const viewers = new Set<number>()
    const newViewers = () => memberIds.filter((id) => this.#subscribers.of(id) && !viewers.has(id))
    for (let ids = newViewers(); isChanged && ids.length > 0; ids = newViewers()) {
      for (const id of ids) viewers.add(id)
      publications.push(await this.#source.viewsAt(conversationId, seq, ids))
    }
    return { publications, seq }
  }

  /** Writes at once what the bus did not bring. */
  poll = (): Promise<void> => this.#poller.poll()

  /**
   * Begins a stream of events: headers, `retry`, `connected`; then what was missed since `from`, or `resync` when that
   * cannot be replayed; then live. Whoever reads `connected` receives everything that is published from then on.
   *
   * @param from the reader's cursor; 'unknown' if it is not one that we issued
   */
  async openStream(
    res: ServerResponse,
    { userId, sessionId }: Reader,
    from: Cursor | 'unknown' | undefined,
    options: StreamOptions,
  ): Promise<void> {
    const opened = { id: randomUUID(), userId, session: fingerprint(sessionId), confirms: false, ...options }
    await this.#open(opened, {
      connect: () =>
        res.socket?.writable &&
        new SseStream(takeConnection(res, streamHeaders), this.#stamper, {
          ...opened,
          isPage: options.attended !== undefined,
        }),
      from: from === undefined || from === 'unknown' ? this.#poller.cursor : from,
      catchUp: async (stream) => {
        const missed = from && (await this.#missedSince(userId, from))
        if (from) stream.replay(missed ?? loadAfresh)
        streamsOpened[missed ? 'replayed' : from ? 'resync' : 'new'].value++
      },
    })
    // Of a client that is still there, another request is being answered, or was malformed.
    if (!res.headersSent && !res.closed) throw unavailable()
  }

  /**
   * Begins a stream over a WebSocket, in the words of a protocol: what it greets with, what this client did not confirm,
   * then live.
   */
  async openSocket(connect: () => Connected | undefined, reader: Reader, protocol: Protocol): Promise<void> {
    const { userId, sessionId } = reader
    const { find, delivered, undelivered, changed } = this.#source.places
    const client = { sessionId, protocol: protocol.name }
    const session = fingerprint(sessionId)
    const options = { attended: undefined, isReconnect: false }
    const opened = { id: randomUUID(), userId, session, confirms: true, ...options }
    const place = protocol.replays === 'nothing' ? undefined : await find(client)
    const from = place && this.#cursorOf(place)
    // What it may not have got is delivered as new.
    const since = from && { ...from, time: from.time - maxTransactionMs }
    // Before the client can say anything: what it sends also counts as an answer to what came before.
    const known = protocol.replays === 'nothing' ? new Map<number, number>() : await delivered(userId)
    await this.#open(opened, {
      connect: () => {
        const connected = connect()
        return connected && new SocketStream(connected, { ...opened, client }, protocol, this.#socketHost)
      },
      from: from ?? this.#poller.cursor,
      catchUp: async (stream) => {
        streamsOpened[from ? 'replayed' : 'new'].value++
        if (protocol.replays === 'nothing') return
        const reached = this.#poller.cursor
        const missed = since && (await this.#missedSince(userId, since))
        // A database that crashed may have given out its last numbers again.
        if (from && from.epoch === place!.cursor.epoch) stream.leaveOut(place!.positions)
        const isAfresh = !from || (!missed && protocol.replays === 'undelivered')
        const standsAt = isLater(reached, from) ? reached : from
        const startsAt = missed ? standsAt : (await this.#source.changedSince(undefined, [])).cursor
        if (isAfresh || protocol.replays === 'undelivered')
          await stream.start((afterId) => undelivered(userId, known, afterId))
        // What is too much for one go comes in pages.
        else if (!missed) await stream.catchUp((behind) => changed(userId, since!, behind))
        if (missed) await stream.resume(missed)
        await stream.stand(startsAt!)
      },
    })
  }

  #hostOfSockets({ places }: Source): SocketHost {
    return {
      position: this.#poller,
      arrived: (userId, messageIds) => {
        for (const [conversationId, messageId] of messageIds)
          this.events.emit('delivered', { conversationId, messageId, userIds: [userId] })
      },
      keep: (client, place) =>
        places.keep(client, place).then(
          () => true,
          (err) => {
            log.warn({ err }, 'a place was not kept')
            return false
          },
        ),
    }
  }

  async #open<S extends Stream>(opened: OpenedStream, { connect, from, catchUp }: Opening<S>): Promise<void> {
    const { userId, id } = opened
    const evicted = await this.#roster.enter(userId, id)
    for (const each of evicted) this.publish(publicationOf([userId], cutEnvelope(each)))
    const stream = connect()
    if (!stream) return this.#roster.leave(userId, id)
    this.#subscribers.enter(userId, stream)
    stream.onClose(() => {
      this.#subscribers.leave(userId, stream)
      this.#roster.leave(userId, id)
      this.events.emit('closed', opened)
    })
    // The server waits for all connections that were accepted.
    if (this.#isEnding) return stream.end(reconnectDelay())
    stream.begin(userId, from)
    try {
      await catchUp(stream)
    } catch (error) {
      // Its connection has been taken out of HTTP, which can no longer answer.
      stream.cut()
      throw error
    }
    stream.goLive()
    if (stream.isWritable) this.events.emit('opened', opened)
  }

  async #missedSince(userId: number, from: Cursor | 'unknown'): Promise<Missed | undefined> {
    const { cursor } = this.#poller
    return from === 'unknown' || !cursor ? undefined : this.#source.missedSince(userId, from, cursor)
  }

  /** From where a client of this history resumes; undefined for one of another. */
  #cursorOf({ cursor, history }: Place): Cursor | undefined {
    const { cursor: here, history: current } = this.#poller
    if (history !== current || !here) return undefined
    if (cursor.epoch === here.epoch) return cursor
    // The database crashed since, and may have given out the numbers of its last transactions again.
    const xmin = cursor.xmin < here.xmin ? cursor.xmin : here.xmin
    return { epoch: here.epoch, xmin: xmin > lostXids ? xmin - lostXids : 1n, time: cursor.time }
  }

  /** The sessions, by their fingerprints, that have a stream open in this worker. */
  sessions = () => this.#subscribers.sessions()

  /** Who has a stream open in this worker. */
  userIds = () => this.#subscribers.userIds()

  #advance = async (changed: Changed[]): Promise<boolean> => {
    const advanced = await Promise.all(changed.map(this.#advanceOne))
    this.#memberships.forgetOld()
    if (!advanced.every(Boolean)) return false
    this.#sequencers.dropIdle()
    return true
  }

  /** Writes what the bus did not bring of a conversation; also who joined it, or is no member any more. */
  #advanceOne = async ({ conversationId, seq, memberIds, joinedIds, goneIds }: Changed): Promise<boolean> => {
    const place = { conversationId, seq }
    const unheard = (userIds: number[], isMember: boolean) =>
      userIds.filter((userId) => !this.#memberships.knows(conversationId, userId, isMember, seq))
    const gone = unheard(goneIds, false)
    this.#writeMembership(place, false, publicationOf(gone, conversationRemoved(conversationId, seq)).parts)
    if (memberIds.length === 0) return true
    if (!(await this.#sequencers.of(conversationId).advanceTo(seq))) return false
    const joined = unheard(joinedIds, true)
    if (joined.length > 0)
      this.#writeMembership(place, true, (await this.#source.viewsAt(conversationId, seq, joined)).parts)
    return true
  }

  /** Ends all streams, also those that are still being opened. */
  endStreams(): void {
    this.#isEnding = true
    for (const stream of this.#subscribers.streams()) stream.end(reconnectDelay())
  }
}

/** @throws Error when the database is away */
export async function openLive(options: LiveOptions): Promise<Live> {
  const live = new Live(options)
  try {
    await live.start()
    return live
  } catch (error) {
    await live.close()
    throw error
  }
}
