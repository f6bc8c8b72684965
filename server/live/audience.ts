import { EventEmitter } from 'node:events'
import { conversationRemoved, type Header, open } from './envelope.ts'
import { type Change, Order } from './order.ts'
import { source } from './source.ts'
import type { Stream } from './stream.ts'

/** A stream that had to make room comes back after so long: at once, it would push out another. Milliseconds. */
const cutFor = 60_000

/** Tells features what reached whom; `live` itself knows none of them. */
export const deliveries = new EventEmitter<{
  /** A message of somebody else's was written to at least one stream of the user. */
  delivered: [userId: number, conversationId: number, messageId: number]
}>()

/** One user's streams in this worker. */
export class Audience {
  readonly streams = new Set<Stream>()
  /** Streams open, or about to be. */
  size = 0
  /** Resolves once it is known where he stands. */
  readonly ready: Promise<void>
  private readonly userId: number
  private order: Order | undefined
  /** What came before that was known. */
  private early: Buffer[] = []

  /** @param listening resolves when the bus listens for him */
  constructor(userId: number, listening: Promise<void>) {
    this.userId = userId
    this.ready = this.begin(listening)
  }

  /** Listens first, then asks where he stands: what comes in between is known twice, and not missed. */
  private async begin(listening: Promise<void>): Promise<void> {
    await listening
    this.order = new Order(this.userId, await source.positions(this.userId), {
      tell: (frame, header) => this.tell(frame, header),
      removed: (conversationId) => this.tell(open(conversationRemoved(conversationId)).frame),
    })
    for (const envelope of this.early.splice(0)) this.take(envelope)
  }

  /** Takes what came over the bus. */
  take(envelope: Buffer): void {
    if (!this.order) return void this.early.push(envelope)
    const { header, frame } = open(envelope)
    switch (header.kind) {
      case 'change':
        return this.order.take(header, frame)
      case 'member':
        return void this.takeOwn(this.order, header, frame)
      case 'removed':
        this.order.leave(header.conversationId)
        return this.tell(frame)
      case 'signal':
        return this.tell(frame)
      case 'cut':
        for (const stream of this.streams) if (stream.id === header.streamId) stream.end(cutFor)
        return
      case 'hang-up':
        for (const stream of this.streams) if (header.session === stream.session) stream.end()
    }
  }

  /** What is the member's own has no number: it is told once everything up to the one it was true at is. */
  private async takeOwn(
    order: Order,
    header: Extract<Header, { kind: 'member' }>,
    frame: Buffer,
  ): Promise<void> {
    const { conversationId, seq } = header
    const isIn = order.isIn(conversationId)
    if (isIn) await order.settle(conversationId, seq)
    this.tell(frame)
    if (!isIn) order.join(conversationId, seq)
  }

  private tell(frame: Buffer, header?: Change): void {
    for (const stream of this.streams) stream.tell(frame, header)
    if (header?.message && header.message.senderId !== this.userId && this.streams.size > 0)
      deliveries.emit('delivered', this.userId, header.conversationId, header.message.id)
  }

  /** Sees to it that everything up to `seq` is told. @returns whether it is */
  async settle(conversationId: number, seq: number): Promise<boolean> {
    return this.order ? this.order.settle(conversationId, seq) : true
  }

  /** He is known to be no member any more. */
  lose(conversationId: number): void {
    if (this.order?.isIn(conversationId)) this.take(conversationRemoved(conversationId))
  }
}
