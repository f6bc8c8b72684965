import { limits } from '../../server/contract/limits.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { api, type Place } from '../api.ts'
import { Problem } from '../http.ts'
import type { Stretch } from './stretch.ts'

/** How long a change may come late before it is asked for; doubled while asking fails. */
const patienceMs = 200
const maxPatienceMs = 30_000
/** As many as the server gives at once. */

/** Brings what is missing of a conversation into its stretch, one request at a time for each end. */
export class Paging {
  /** Called when the stretch was caught up, with what has changed and those of it that are new. */
  onCaughtUp: (changed: Message[], news: Message[]) => void = () => {}
  /** The message in view, which is kept when too much changed and all is loaded afresh. */
  anchor: () => number | undefined = () => undefined
  #id: number
  #stretch: Stretch
  #signal: AbortSignal
  #loading = new Set<'older' | 'newer'>()
  #jumps = 0
  #isOwed = false
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
    return this.#page('older', { before_id: id }, (page) => this.#stretch.addOlder(id, page))
  }

  newer(): Promise<boolean> {
    const id = this.#stretch.newest?.id
    if (!this.#stretch.hasNewer || !id) return Promise.resolve(false)
    return this.#page('newer', { after_id: id }, (page) => this.#stretch.addNewer(id, page))
  }

  /** The stretch around a message, or the newest. @returns false when it is overtaken by another one */
  async jump(place: Place = {}): Promise<boolean> {
    const jump = ++this.#jumps
    const page = await api.messages(this.#id, place, this.#signal)
    if (this.#signal.aborted || jump !== this.#jumps) return false
    this.#stretch.replace(page)
    this.settle()
    return true
  }

  /** What changed while nobody listened. What fails is tried again. */
  catchUp(): Promise<void> {
    this.#isOwed = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#catching ??= this.#catchUp().finally(() => {
      this.#catching = undefined
      this.settle()
    })
    return this.#catching
  }

  /** To be called after each change: what is missing may be on its way, and is asked for when it does not come. */
  settle(): void {
    if (!this.#stretch.isBehind && !this.#isOwed) this.#failures = 0
    else if (!this.#timer && !this.#catching && !this.#signal.aborted) this.#settleLater()
  }

  #settleLater(): void {
    const wait = Math.min(patienceMs * 2 ** this.#failures++, maxPatienceMs)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#stretch.isBehind || this.#isOwed) void this.catchUp()
      else this.#failures = 0
    }, wait)
  }

  async #catchUp(): Promise<void> {
    while (this.#isOwed && !this.#signal.aborted) {
      this.#isOwed = false
      try {
        await this.#takeChanges()
      } catch (error) {
        this.#isOwed = error instanceof Problem && error.passing
        return
      }
    }
  }

  async #takeChanges(): Promise<void> {
    const jumps = this.#jumps
    const after = this.#stretch.seq
    const { messages, seq, has_more } = await api.changes(this.#id, after, this.#signal)
    if (this.#signal.aborted) return
    const news = messages.filter((message) => this.#stretch.isNews(message))
    if (has_more) {
      this.#stretch.miss(seq)
      // A jump that began meanwhile brings its part as it is now.
      if (jumps !== this.#jumps || !(await this.#afresh())) return
    } else if (!this.#stretch.addChanges(after, { messages, seq })) {
      this.#isOwed = true
      return
    }
    this.onCaughtUp(messages, news)
  }

  #afresh(): Promise<boolean> {
    const around_id = this.anchor() ?? this.#stretch.newest?.id
    return this.jump(around_id ? { around_id, limit: limits.maxPage } : {})
  }

  async #page(side: 'older' | 'newer', place: Place, add: (page: MessagePage) => boolean): Promise<boolean> {
    if (this.#loading.has(side)) return false
    this.#loading.add(side)
    try {
      const page = await api.messages(this.#id, place, this.#signal)
      if (this.#signal.aborted) return false
      return add(page)
    } catch {
      // Scrolling on tries again.
      return false
    } finally {
      this.#loading.delete(side)
      this.settle()
    }
  }
}
