import type { MessagePage } from '../../server/live/events.ts'
import { api, type Place } from '../api.ts'
import type { MessageLog } from './log.ts'

/** Brings further pages of a conversation's messages into its log, one request at a time each way. */
export class Paging {
  #id: number
  #log: MessageLog
  #signal: AbortSignal
  #loading = new Set<'older' | 'newer'>()
  #seq: number

  constructor(id: number, log: MessageLog, signal: AbortSignal) {
    this.#id = id
    this.#log = log
    this.#signal = signal
    this.#seq = log.seq
  }

  /** @returns whether the log has changed */
  older(): Promise<boolean> {
    const before_id = this.#log.oldest?.id
    if (!this.#log.hasMore || !before_id) return Promise.resolve(false)
    return this.#page('older', { before_id }, (page) => this.#log.addOlder(page))
  }

  newer(): Promise<boolean> {
    const after_id = this.#log.newest?.id
    if (!this.#log.hasNewer || !after_id) return Promise.resolve(false)
    return this.#page('newer', { after_id }, (page) => this.#log.addNewer(page))
  }

  /** The stretch around a message, or the newest. @returns false when it is overtaken by another conversation */
  async jump(place: Place = {}): Promise<boolean> {
    const page = await api.messages(this.#id, place, this.#signal)
    if (this.#signal.aborted) return false
    this.#log.replace(page)
    this.#seq = Math.min(this.#seq, this.#log.seq)
    return true
  }

  /** What changed while nobody listened. @returns the messages that changed or came */
  async changes() {
    const answer = await api.changes(this.#id, this.#seq, this.#signal)
    this.#seq = answer.seq
    // Too many to be told one by one.
    if (answer.has_more) await this.jump()
    return answer
  }

  async #page(side: 'older' | 'newer', place: Place, add: (page: MessagePage) => void): Promise<boolean> {
    if (this.#loading.has(side)) return false
    this.#loading.add(side)
    try {
      const end = side === 'older' ? this.#log.oldest?.id : this.#log.newest?.id
      const page = await api.messages(this.#id, place, this.#signal)
      const now = side === 'older' ? this.#log.oldest?.id : this.#log.newest?.id
      // Meanwhile somebody jumped elsewhere.
      if (this.#signal.aborted || end !== now) return false
      add(page)
      return true
    } catch {
      // Scrolling on tries again.
      return false
    } finally {
      this.#loading.delete(side)
    }
  }
}
