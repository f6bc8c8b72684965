import { eventsOut, streamsCut } from '../metrics/measures.ts'
import type { Cursor } from './cursor.ts'
import type { ChangeHeader } from './envelope.ts'

/** A reader with more unread output is cut, and comes back with their cursor. */
export const maxUnreadBytes = 1024 * 1024
const maxQueued = 10_000

/** The place of a change in its conversation; of a new message, which it is. */
export type Place = Pick<ChangeHeader, 'conversationId' | 'seq' | 'message'>

interface Queued<Chunk> {
  chunk: Chunk
  place: Place | undefined
}

/**
 * What one reader holds open: first what they missed, then what comes, in this order. `Chunk` is a frame as it is written
 * to this kind of connection.
 */
export abstract class Stream<Chunk = unknown> {
  abstract readonly kind: 'sse' | 'socket'
  readonly id: string
  /** The fingerprint of its session. */
  readonly session: string
  /** What comes while the stream replays what it missed. */
  #queue: Queued<Chunk>[] | undefined = []
  /** Up to where it has replayed, by conversation. */
  #replayed: Map<number, number> | undefined

  constructor({ id, session }: { id: string; session: string }) {
    this.id = id
    this.session = session
  }

  /** Says that it is open. */
  abstract begin(userId: number, from: Cursor | undefined): void
  /** A sign of life, every `limits.streamHeartbeatMs`. */
  abstract beat(): void
  /** Ends it after what is written. @param retryMs after how long to reconnect */
  abstract end(retryMs: number): void
  abstract cut(): void
  /** Its session has ended: nothing more is written. */
  abstract hangUp(): void
  abstract onClose(listener: () => void): void
  abstract readonly isWritable: boolean
  /** Its reader confirms what arrived; of others it is known as soon as it is written. */
  abstract readonly confirms: boolean
  /** A frame, encoded on arrival. */
  protected abstract encode(frame: Buffer): Chunk
  protected abstract write(chunk: Chunk, place: Place | undefined): void

  /** What comes meanwhile, or came, up to these places is in the replay. */
  protected hasReplayed(positions: Map<number, number>): void {
    this.#replayed = positions
  }

  /** From now on frames are written when they come; first those that came during the replay. */
  goLive(): void {
    const queue = this.#queue ?? []
    this.#queue = undefined
    for (const queued of queue) this.#writeUnread(queued)
  }

  /** @returns whether a reader is known to have it once it is written */
  send(frame: Buffer, place?: Place): boolean {
    const chunk = this.encode(frame)
    if (this.#queue) this.#enqueue({ chunk, place })
    else this.#writeUnread({ chunk, place })
    return !this.confirms && this.isWritable
  }

  protected isReplayed({ conversationId, seq }: Place): boolean {
    const position = this.#replayed?.get(conversationId)
    if (position === undefined) return false
    if (seq <= position) return true
    this.#replayed!.delete(conversationId)
    return false
  }

  #writeUnread({ chunk, place }: Queued<Chunk>): void {
    if (place && this.isReplayed(place)) return
    eventsOut.value++
    this.write(chunk, place)
  }

  #enqueue(queued: Queued<Chunk>): void {
    this.#queue!.push(queued)
    if (this.#queue!.length > maxQueued) this.cutUnread()
  }

  /** Its reader does not read. */
  protected cutUnread(): void {
    if (this.isWritable) streamsCut.value++
    this.cut()
  }
}
