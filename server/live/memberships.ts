/** What was last published of someone's membership in a conversation. */
interface Membership {
  isMember: boolean
  /** Changes up to here do not concern the user: they came later, or had left by then. */
  upTo: number
  notedAt: number
}

/** So long after it nothing from before it comes any more: longer than a publication and several polls take. */
const forgottenAfterMs = 60_000

/** Who lately joined or left a conversation, as far as a worker has heard. */
export class Memberships {
  /** By conversation, then by user. */
  readonly #lately = new Map<number, Map<number, Membership>>()

  note(conversationId: number, userId: number, isMember: boolean, upTo: number): void {
    const users = this.#lately.get(conversationId) ?? new Map<number, Membership>()
    this.#lately.set(conversationId, users)
    users.set(userId, { isMember, upTo, notedAt: Date.now() })
  }

  /** The users whom a change with this `seq` does not concern; undefined when it concerns all of its recipients. */
  unconcerned(conversationId: number, seq: number): { has(userId: number): boolean } | undefined {
    const users = this.#lately.get(conversationId)
    return users && { has: (userId) => seq <= (users.get(userId)?.upTo ?? -1) }
  }

  /** Whether it was heard, or outdated by what was, that at `seq` they were a member or none. */
  knows(conversationId: number, userId: number, isMember: boolean, seq: number): boolean {
    const known = this.#lately.get(conversationId)?.get(userId)
    return known !== undefined && (known.isMember === isMember || known.upTo > seq)
  }

  forgetOld(now = Date.now()): void {
    for (const [conversationId, users] of this.#lately) {
      for (const [userId, { notedAt }] of users) if (now - notedAt > forgottenAfterMs) users.delete(userId)
      if (users.size === 0) this.#lately.delete(conversationId)
    }
  }
}
