import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { Response } from 'express'
import { limits } from '../contract/limits.ts'
import type { Bus, ConnectBus, Publisher } from './bus.ts'
import { cutEnvelope, fingerprint, signal } from './envelope.ts'
import { Poller } from './poller.ts'
import type { Roster } from './roster.ts'
import type { Changed, Cursor, Missed, Source } from './source.ts'
import { Stamper, Stream } from './stream.ts'
import { type Shared, Subscriber } from './subscriber.ts'

export interface LiveOptions {
  bus: ConnectBus
  roster: Roster
  source: Source
  /** The database was restored from a backup: nothing that this process knows of it holds. */
  restored(): void
}

/** What happens to streams, for features to follow; `live` itself knows none of them. */
export interface LiveEvents {
  /** Someone else's message was written to at least one stream of the user. */
  delivered: [userId: number, conversationId: number, messageId: number]
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
}

/** Sent before anything else: otherwise the reader would append the next change to outdated state. */
const loadAfresh: Missed = { envelopes: [signal('resync', {})], positions: new Map() }

/** The streams of one worker, and what feeds them. */
export class Live implements Publisher {
  readonly events = new EventEmitter<LiveEvents>()
  readonly #bus: Bus
  readonly #roster: Roster
  readonly #shared: Shared
  readonly #poller: Poller
  readonly #stamper: Stamper
  /** By user; the bus is subscribed to these. */
  readonly #subscribers = new Map<number, Subscriber>()
  #heartbeat: NodeJS.Timeout | undefined

  constructor({ bus, roster, source, restored }: LiveOptions) {
    const poller = new Poller({ source, userIds: this.userIds, advance: this.#advance, restored })
    this.#poller = poller
    this.#stamper = new Stamper(poller)
    this.#roster = roster
    this.#shared = {
      source,
      delivered: (userId, conversationId, messageId) =>
        this.events.emit('delivered', userId, conversationId, messageId),
    }
    this.#bus = bus({ deliver: this.deliver, reconnected: poller.poll })
  }

  /** One timer for all streams: keeps proxies from hanging up, and finds out who is gone. */
  async start(): Promise<void> {
    await this.#poller.start()
    this.#heartbeat = setInterval(() => {
      for (const stream of this.#streams()) stream.beat()
    }, limits.streamHeartbeatMs)
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    await this.#poller.stop()
    await this.#bus.close()
  }

  publish = (userIds: readonly number[], envelope: Buffer): void => this.#bus.publish(userIds, envelope)

  /** Hands an envelope to the user's streams in this worker. */
  deliver = (userId: number, envelope: Buffer): void => this.#subscribers.get(userId)?.receive(envelope)

  /** Writes at once what the bus did not bring. */
  poll = (): Promise<void> => this.#poller.poll()

  /**
   * Begins a stream: headers, `retry`, `connected`; then what was missed since `from`, or `resync` when that cannot be
   * replayed; then live. Whoever reads `connected` receives everything that is published from then on.
   *
   * @param from the reader's cursor; 'unknown' when theirs is none of ours
   */
  async openStream(
    res: Response,
    userId: number,
    sessionId: string,
    from: Cursor | 'unknown' | undefined,
    options: StreamOptions,
  ): Promise<void> {
    const opened = { id: randomUUID(), userId, session: fingerprint(sessionId), ...options }
    if (res.closed) return
    const subscriber = this.#subscribe(userId)
    const stream = new Stream(res, this.#stamper, { ...opened, isPage: options.attended !== undefined })
    res.on('close', () => this.#unsubscribe(userId, subscriber, stream))
    await subscriber.ready
    if (res.closed) return
    for (const id of await this.#roster.enter(userId, opened.id)) this.publish([userId], cutEnvelope(id))
    subscriber.streams.add(stream)
    stream.begin(userId, from === undefined || from === 'unknown' ? this.#poller.cursor : from)
    if (from) stream.replay(await this.#missedSince(userId, from))
    stream.goLive()
    if (res.closed) return this.#roster.leave(userId, opened.id)
    res.on('close', () => {
      this.#roster.leave(userId, opened.id)
      this.events.emit('closed', opened)
    })
    this.events.emit('opened', opened)
  }

  async #missedSince(userId: number, from: Cursor | 'unknown'): Promise<Missed> {
    const { cursor } = this.#poller
    if (from === 'unknown' || !cursor) return loadAfresh
    return (await this.#shared.source.missedSince(userId, from, cursor)) ?? loadAfresh
  }

  #subscribe(userId: number): Subscriber {
    const subscriber =
      this.#subscribers.get(userId) ?? new Subscriber(userId, this.#bus.subscribe(userId), this.#shared)
    this.#subscribers.set(userId, subscriber)
    subscriber.size++
    return subscriber
  }

  #unsubscribe(userId: number, subscriber: Subscriber, stream: Stream): void {
    subscriber.streams.delete(stream)
    if (--subscriber.size > 0) return
    this.#subscribers.delete(userId)
    this.#bus.unsubscribe(userId)
  }

  /** The sessions, by their fingerprints, that have a stream open in this worker. */
  sessions = (): { userId: number; session: string }[] =>
    [...this.#subscribers].flatMap(([userId, { streams }]) =>
      [...new Set([...streams].map(({ session }) => session))].map((session) => ({ userId, session })),
    )

  /** Who has a stream open in this worker. */
  userIds = (): number[] => [...this.#subscribers.keys()]

  #advance = async (changed: Changed[]): Promise<boolean> => {
    const advanced = changed.flatMap(({ conversationId, seq, memberIds, goneIds }) => {
      for (const userId of goneIds) this.#subscribers.get(userId)?.leave(conversationId)
      return memberIds.map((userId) => this.#subscribers.get(userId)?.advanceTo(conversationId, seq) ?? true)
    })
    return (await Promise.all(advanced)).every(Boolean)
  }

  #streams = () => this.#subscribers.values().flatMap(({ streams }) => streams)

  /** Ends all streams, each with another delay to reconnect after, so that a restart is no stampede. */
  endStreams(): void {
    for (const stream of this.#streams()) stream.end(500 + Math.random() * 4500)
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
