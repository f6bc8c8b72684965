import type { Events } from '../../server/contract/events.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Presence } from '../../server/contract/presence.ts'
import { api } from '../api.ts'

/** Who is there, of the people this page shows. Asked for once, then followed by the stream. */
export class Presences {
  onChange: () => void = () => {}
  #known = new Map<number, Presence>()
  #wanted = new Set<number>()
  #asked = new Set<number>()
  #asking = false

  get(userId: number | undefined): Presence | undefined {
    return userId === undefined ? undefined : this.#known.get(userId)
  }

  /** Notes that these people are shown; those not known yet are asked for, together. */
  want(userIds: number[]): void {
    for (const id of userIds) if (!this.#asked.has(id)) this.#wanted.add(id)
    if (!this.#wanted.size || this.#asking) return
    this.#asking = true
    queueMicrotask(() => void this.#ask())
  }

  receive({ user_id, status, last_seen }: Events['presence']): void {
    const is_online = status !== 'offline'
    this.#known.set(user_id, { user_id, status, is_online, last_seen, last_active_at: last_seen })
    this.onChange()
  }

  /** After a time without a stream nothing is certain. */
  refresh(): void {
    const ids = [...this.#asked]
    this.#asked.clear()
    this.want(ids)
  }

  async #ask(): Promise<void> {
    while (this.#wanted.size) {
      const ids = [...this.#wanted].slice(0, limits.presenceIds)
      for (const id of ids) {
        this.#wanted.delete(id)
        this.#asked.add(id)
      }
      try {
        const { presences } = await api.presences(ids)
        for (const presence of presences) this.#known.set(presence.user_id, presence)
        this.onChange()
      } catch {
        // The next connection asks again.
        break
      }
    }
    this.#asking = false
  }
}
