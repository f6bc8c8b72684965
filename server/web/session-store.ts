import { type SessionData, Store } from 'express-session'
import { log } from '../log.ts'

type Answer = (error?: unknown, session?: SessionData | null) => void

/** How long the fast store is not used after a failure, so that not every request waits for it. Milliseconds. */
const pause = 1000

/**
 * Sessions in a fast store and in a durable one: a Redis that is away, or comes back empty, signs no one out. Reads
 * prefer the fast store; writes, which are rare, go to both.
 *
 * Only signing out needs both to answer: a session that one of them still holds would still be valid.
 */
export class LayeredStore extends Store {
  readonly #fast: Store
  readonly #durable: Store
  #awayUntil = 0

  constructor(fast: Store, durable: Store) {
    super()
    this.#fast = fast
    this.#durable = durable
  }

  override get(id: string, answer: Answer): void {
    if (this.#isAway()) return this.#durable.get(id, answer)
    this.#fast.get(id, (error, session) => {
      if (error) this.#leaveAlone(error)
      if (session) return answer(null, session)
      this.#durable.get(id, (error, session) => {
        if (session && !this.#isAway()) this.#fill(id, session)
        answer(error, session)
      })
    })
  }

  override set(id: string, session: SessionData, answer: Answer = () => {}): void {
    this.#durable.set(id, session, (error) => {
      if (error || this.#isAway()) return answer(error)
      this.#fast.set(id, session, (error) => {
        if (error) this.#leaveAlone(error)
        answer()
      })
    })
  }

  override destroy(id: string, answer: Answer = () => {}): void {
    this.#fast.destroy(id, (error) => {
      if (error) return answer(error)
      // Once more at the end: a concurrent read may have filled it in again.
      this.#durable.destroy(id, (error) => (error ? answer(error) : this.#fast.destroy(id, answer)))
    })
  }

  /** Undone when the session was destroyed meanwhile. */
  #fill(id: string, session: SessionData): void {
    this.#fast.set(id, session, () =>
      this.#durable.get(id, (_error, still) => {
        if (!still) this.#fast.destroy(id)
      }),
    )
  }

  #isAway = () => Date.now() < this.#awayUntil

  #leaveAlone(error: unknown): void {
    if (!this.#isAway()) log.warn({ err: error }, 'sessions are read from PostgreSQL: Redis is away')
    this.#awayUntil = Date.now() + pause
  }
}
