import { limits } from '../../server/contract/limits.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { api, type Place } from '../api.ts'
import { Problem } from '../http.ts'
import type { Stretch } from './stretch.ts'

/** How late a change may arrive before it is requested; doubled while that fails. */
const catchUpDelayMs = 200
const maxCatchUpDelayMs = 30_000

/** Loads what a conversation's stretch is missing, with one request at a time for each end. */
export class Paging {
  /** Called after catching up, with the changed messages and those among them that are new. */
  onCaughtUp: (changed: Message[], news: Message[]) => void = () => {}
  /** The message to keep in view when too much has changed and the stretch is reloaded. */
  anchor: () => number | undefined = () => undefined
  #id: number
  #stretch: Stretch
  #signal: AbortSignal
  #loading = new Set<'older' | 'newer'>()
  #jumps = 0
  #isCatchUpDue = false
  #catching: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0

  constructor(id: number, stretch: Stretch, signal: AbortSignal) {
    this.#id = id
    this.#stretch = stretch
    this.#signal = signal
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
  }

  /** @returns whether the stretch has changed */
  older(): Promise<boolean> {
    const id = this.#stretch.oldest?.id
    if (!this.#stretch.hasOlder || !id) return Promise.resolve(false)
    return this.#loadPage('older', { before_id: id }, (page) => this.#stretch.addOlder(id, page))
  }

  newer(): Promise<boolean> {
    const id = this.#stretch.newest?.id
    if (!this.#stretch.hasNewer || !id) return Promise.resolve(false)
    return this.#loadPage('newer', { after_id: id }, (page) => this.#stretch.addNewer(id, page))
  }

  /** Loads the stretch around a message, or the newest. @returns false when a later jump has overtaken it */
  async jump(place: Place = {}): Promise<boolean> {
    const jump = ++this.#jumps
    const page = await api.messages(this.#id, place, this.#signal)
    if (this.#signal.aborted || jump !== this.#jumps) return false
    this.#stretch.replace(page)
    this.checkForGap()
    return true
  }

  /** Loads what was missed, with retries. */
  catchUp(): Promise<void> {
    this.#isCatchUpDue = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#catching ??= this.#catchUp().finally(() => {
      this.#catching = undefined
      this.checkForGap()
    })
    return this.#catching
  }

  /** To be called after each change: what is missing may still arrive, and is requested if it does not. */
  checkForGap(): void {
    if (!this.#stretch.isBehind && !this.#isCatchUpDue) this.#failures = 0
    else if (!this.#timer && !this.#catching && !this.#signal.aborted) this.#scheduleCatchUp()
  }

  #scheduleCatchUp(): void {
    const wait = Math.min(catchUpDelayMs * 2 ** this.#failures++, maxCatchUpDelayMs)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#stretch.isBehind || this.#isCatchUpDue) void this.catchUp()
      else this.#failures = 0
    }, wait)
  }

  async #catchUp(): Promise<void> {
    while (this.#isCatchUpDue && !this.#signal.aborted) {
      this.#isCatchUpDue = false
      try {
        await this.#takeChanges()
      } catch (error) {
        this.#isCatchUpDue = error instanceof Problem && error.isTransient
        return
      }
    }
  }

  async #takeChanges(): Promise<void> {
    const jumps = this.#jumps
    const after = this.#stretch.seq
    const known = this.#stretch.messages
    const asked = { after_seq: after, stars_from_id: known[0]?.id }
    const { messages, seq, has_more, starred_ids } = await api.changes(this.#id, asked, this.#signal)
    if (this.#signal.aborted) return
    if (starred_ids) this.#stretch.setStars(known, starred_ids)
    const news = messages.filter((message) => this.#stretch.isNews(message))
    if (has_more) {
      this.#stretch.expectSeq(seq)
      // A jump that began meanwhile loads the current state.
      if (jumps !== this.#jumps || !(await this.#reload())) return
    } else if (!this.#stretch.addChanges(after, { messages, seq })) {
      this.#isCatchUpDue = true
      return
    }
    this.onCaughtUp(messages, news)
  }

  #reload(): Promise<boolean> {
    const around_id = this.anchor() ?? this.#stretch.newest?.id
    return this.jump(around_id ? { around_id, limit: limits.maxPage } : {})
  }

  async #loadPage(
    side: 'older' | 'newer',
    place: Place,
    add: (page: MessagePage) => boolean,
  ): Promise<boolean> {
    if (this.#loading.has(side)) return false
    this.#loading.add(side)
    try {
      const page = await api.messages(this.#id, place, this.#signal)
      if (this.#signal.aborted) return false
      return add(page)
    } catch {
      // Further scrolling retries.
      return false
    } finally {
      this.#loading.delete(side)
      this.checkForGap()
    }
  }
}
