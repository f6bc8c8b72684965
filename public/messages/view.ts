import type { Message } from '../../server/live/events.ts'
import { tell } from '../notice.ts'
import { element, reader } from '../page.ts'
import { light } from './appear.ts'
import { followDays } from './days.ts'
import { Jump } from './jump.ts'
import type { MessageLog } from './log.ts'
import { Paging } from './paging.ts'
import { Reading } from './reading.ts'
import { Scroll } from './scroll.ts'

const NEAR = 800

/** What part of a conversation is in view: more comes at its edges, one jumps elsewhere, and what was seen is read. */
export class View {
  readonly paging: Paging
  #log: MessageLog
  #scroll: Scroll
  #reading: Reading
  #jump: Jump
  #signal: AbortSignal

  constructor(id: number, log: MessageLog, readUpTo: number | null, signal: AbortSignal) {
    this.#log = log
    this.#signal = signal
    this.paging = new Paging(id, log, signal)
    this.#scroll = new Scroll(element('log'), element('log-items'), signal)
    this.#scroll.isEnd = () => !log.hasNewer
    this.#scroll.onMove = () => this.moved()
    this.#reading = new Reading(id, readUpTo)
    followDays(element('log'), signal)
    this.#jump = new Jump(() => void this.toNewest())
    document.addEventListener('visibilitychange', () => this.#back(), { signal })
  }

  get atBottom(): boolean {
    return this.#scroll.atBottom
  }

  /** To the first unread message, when it is not in view anyway. */
  land(): void {
    const log = element('log')
    const divider = log.querySelector('.unread-line')
    const above = divider && divider.getBoundingClientRect().top < log.getBoundingClientRect().top
    if (divider && (above || this.#log.hasNewer)) this.#scroll.to(divider)
    this.moved()
  }

  /** @returns the nodes that were not there before */
  draw(): HTMLElement[] {
    let added: HTMLElement[] = []
    this.#scroll.hold(() => {
      added = this.#log.draw()
    })
    return added
  }

  /** Others' messages have come that are not in view. */
  missed(messages: Message[]): void {
    this.#jump.add(messages.length)
  }

  async show(id: number): Promise<void> {
    const node = () => element('log').querySelector<HTMLElement>(`[data-message-id="${id}"]`)
    if (!node()) {
      if (!(await this.paging.jump({ around_id: id }))) return
      this.#log.draw()
    }
    const original = node()
    if (!original) return tell(reader.t('messages.gone'))
    this.#scroll.to(original)
    original.focus({ preventScroll: true })
    light(original)
  }

  async toNewest(): Promise<void> {
    if (this.#log.hasNewer) {
      try {
        if (!(await this.paging.jump())) return
      } catch {
        return tell(reader.t('messages.change_failed'))
      }
      this.#log.draw()
    }
    this.#scroll.toBottom()
    this.moved()
  }

  moved(): void {
    this.#jump.show(!this.#scroll.atBottom)
    this.#markRead()
    if (this.#scroll.fromTop < NEAR) void this.#page(this.paging.older())
    if (this.#scroll.fromBottom < NEAR) void this.#page(this.paging.newer())
  }

  async #page(page: Promise<boolean>): Promise<void> {
    if (!(await page) || this.#signal.aborted) return
    this.draw()
    this.moved()
  }

  #markRead(): void {
    const newest = this.#log.newest
    if (!newest || document.hidden || this.#reading.upTo >= newest.id) return
    this.#reading.seen(this.#scroll.atBottom ? newest.id : this.#scroll.lastInView)
  }

  // A day may have ended meanwhile, and what lies in view is read now.
  #back(): void {
    if (document.hidden) return
    this.draw()
    this.#markRead()
  }
}
