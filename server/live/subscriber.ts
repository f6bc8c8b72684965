import type { Stream } from './stream.ts'

/** What was last written of a user's membership in a conversation. */
interface Membership {
  isMember: boolean
  /** Changes up to here do not concern the user: they came later, or had left by then. */
  upTo: number
  notedAt: number
}

/** So long after it nothing from before it comes any more: longer than a publication and several polls take. */
const forgottenAfterMs = 60_000

/** A user with streams in this worker. */
export class Subscriber {
  readonly streams = new Set<Stream>()
  /** Streams open, or about to be. */
  size = 0
  /** Lately changed memberships, by conversation. */
  #memberships: Map<number, Membership> | undefined

  send(frame: Buffer): void {
    for (const stream of this.streams) stream.send(frame)
  }

  /** Writes a change of a conversation, unless it does not concern them. @returns whether anybody got it */
  sendChange(frame: Buffer, change: { conversationId: number; seq: number }): boolean {
    const { upTo } = this.#memberships?.get(change.conversationId) ?? {}
    if (upTo !== undefined && change.seq <= upTo) return false
    for (const stream of this.streams) stream.send(frame, change)
    return this.streams.size > 0
  }

  /** Writes a conversation that they joined, as it stood at `seq`. */
  join(conversationId: number, seq: number, frame: Buffer): void {
    this.#note(conversationId, true, seq)
    this.send(frame)
  }

  /** Writes that they are no member since `seq`. */
  leave(conversationId: number, seq: number, frame: Buffer): void {
    this.#note(conversationId, false, seq)
    this.send(frame)
  }

  /** Whether it was written, or outdated by what was, that at `seq` they were a member or none. */
  knows(conversationId: number, isMember: boolean, seq: number): boolean {
    const known = this.#memberships?.get(conversationId)
    return known !== undefined && (known.isMember === isMember || known.upTo > seq)
  }

  /** Ends the streams of a session. */
  hangUp(session: string): void {
    for (const stream of this.streams) if (stream.session === session) stream.end()
  }

  forgetOld(now = Date.now()): void {
    for (const [conversationId, { notedAt }] of this.#memberships ?? [])
      if (now - notedAt > forgottenAfterMs) this.#memberships?.delete(conversationId)
    if (this.#memberships?.size === 0) this.#memberships = undefined
  }

  #note(conversationId: number, isMember: boolean, upTo: number): void {
    this.#memberships ??= new Map()
    this.#memberships.set(conversationId, { isMember, upTo, notedAt: Date.now() })
  }
}
