import { conversationRemoved, type Header, open } from './envelope.ts'
import { type Change, Sequencer } from './sequencer.ts'
import type { Source } from './source.ts'
import type { Stream } from './stream.ts'

/** A stream that was cut to make room reconnects after so long: at once, it would push out another. */
const cutRetryMs = 60_000

/** What all subscribers of a worker share. */
export interface Shared {
  source: Source
  /** Someone else's message was written to at least one stream of the user. */
  delivered(userId: number, conversationId: number, messageId: number): void
}

/** A user with streams in this worker. */
export class Subscriber {
  readonly streams = new Set<Stream>()
  /** Streams open, or about to be. */
  size = 0
  /** Resolves once it is known where the user stands in their conversations. */
  readonly ready: Promise<void>
  readonly #userId: number
  readonly #shared: Shared
  #sequencer: Sequencer | undefined
  /** What came before that was known. */
  #early: Buffer[] = []

  /** @param subscribed resolves when the bus is subscribed to the user */
  constructor(userId: number, subscribed: Promise<void>, shared: Shared) {
    this.#userId = userId
    this.#shared = shared
    this.ready = this.#begin(subscribed)
  }

  /** Subscribes before it asks for the positions: what comes in between is known twice, and not missed. */
  async #begin(subscribed: Promise<void>): Promise<void> {
    await subscribed
    const { source } = this.#shared
    this.#sequencer = new Sequencer(this.#userId, source, await source.positions(this.#userId), {
      write: (frame, header) => this.#write(frame, header),
      removed: (conversationId) => this.#write(open(conversationRemoved(conversationId)).frame),
    })
    for (const envelope of this.#early.splice(0)) this.receive(envelope)
  }

  /** Takes an envelope from the bus. */
  receive(envelope: Buffer): void {
    if (!this.#sequencer) return void this.#early.push(envelope)
    const { header, frame } = open(envelope)
    switch (header.kind) {
      case 'change':
        return this.#sequencer.push(header, frame)
      case 'member':
        return void this.#receiveOwn(this.#sequencer, header, frame)
      case 'removed':
        this.#sequencer.leave(header.conversationId)
        return this.#write(frame)
      case 'signal':
        return this.#write(frame)
      case 'cut':
        for (const stream of this.streams) if (stream.id === header.streamId) stream.end(cutRetryMs)
        return
      case 'hang-up':
        for (const stream of this.streams) if (header.session === stream.session) stream.end()
    }
  }

  /** A member's own view has no number: it is written after everything up to the one it was true at. */
  async #receiveOwn(
    sequencer: Sequencer,
    header: Extract<Header, { kind: 'member' }>,
    frame: Buffer,
  ): Promise<void> {
    const { conversationId, seq } = header
    const isMember = sequencer.isMember(conversationId)
    if (isMember) await sequencer.advanceTo(conversationId, seq)
    this.#write(frame)
    if (!isMember) sequencer.join(conversationId, seq)
  }

  #write(frame: Buffer, header?: Change): void {
    for (const stream of this.streams) stream.send(frame, header)
    if (header?.message && header.message.senderId !== this.#userId && this.streams.size > 0)
      this.#shared.delivered(this.#userId, header.conversationId, header.message.id)
  }

  /** Writes everything up to `seq`, see `Sequencer.advanceTo`. */
  async advanceTo(conversationId: number, seq: number): Promise<boolean> {
    return this.#sequencer ? this.#sequencer.advanceTo(conversationId, seq) : true
  }

  /** The database says that the user is no member any more. */
  leave(conversationId: number): void {
    if (this.#sequencer?.isMember(conversationId)) this.receive(conversationRemoved(conversationId))
  }
}
