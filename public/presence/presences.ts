import type { Events } from '../../server/contract/events.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Presence } from '../../server/contract/presence.ts'
import { api } from '../api.ts'

/** The presence of the people on this page: loaded once, then kept up to date by the stream. */
export class Presences {
  onChange: () => void = () => {}
  #known = new Map<number, Presence>()
  #missing = new Set<number>()
  #requested = new Set<number>()
  #isLoading = false

  get(userId: number | undefined): Presence | undefined {
    return userId === undefined ? undefined : this.#known.get(userId)
  }

  /** Loads those not known yet, in one batch. */
  watch(userIds: number[]): void {
    for (const id of userIds) if (!this.#requested.has(id)) this.#missing.add(id)
    if (!this.#missing.size || this.#isLoading) return
    this.#isLoading = true
    queueMicrotask(() => void this.#load())
  }

  receive({ user_id, status, last_seen }: Events['presence']): void {
    const is_online = status !== 'offline'
    this.#known.set(user_id, { user_id, status, is_online, last_seen, last_active_at: last_seen })
    this.onChange()
  }

  /** After a time without a stream everything may be out of date. */
  refresh(): void {
    const ids = [...this.#requested]
    this.#requested.clear()
    this.watch(ids)
  }

  async #load(): Promise<void> {
    while (this.#missing.size) {
      const ids = [...this.#missing].slice(0, limits.presenceIds)
      for (const id of ids) {
        this.#missing.delete(id)
        this.#requested.add(id)
      }
      try {
        const { presences } = await api.presences(ids)
        for (const presence of presences) this.#known.set(presence.user_id, presence)
        this.onChange()
      } catch {
        // The next connection retries.
        break
      }
    }
    this.#isLoading = false
  }
}
