import type { Message } from '../../server/contract/messages.ts'
import { showNotice } from '../notice.ts'
import { element, reader } from '../page.ts'
import { isAttended, onReturn } from '../presence/attention.ts'
import { announce } from './announce.ts'
import { appear, highlight } from './appear.ts'
import { Burst } from './burst.ts'
import { followDays } from './days.ts'
import { Jump } from './jump.ts'
import type { MessageLog } from './log.ts'
import { Paging } from './paging.ts'
import { Reading } from './reading.ts'
import { type Position, Scroll } from './scroll.ts'

const nearEdgePx = 800

/** Somebody who writes is not to be interrupted. */
function isWriting(): boolean {
  const field = document.activeElement?.closest('#composer-input') && document.activeElement
  return Boolean(field && ('value' in field ? field.value : field.textContent))
}

const isOthers = (message: Message) => message.sender_id !== reader.me?.id
const mayBeUnread = (message: Message) =>
  isOthers(message) && message.kind !== 'system' && !message.is_deleted

/** What is in view of a conversation: loads more at the edges, jumps elsewhere, and marks what was seen as read. */
export class View {
  readonly paging: Paging
  readonly reading: Reading
  #log: MessageLog
  #scroll: Scroll
  #jump: Jump
  #burst = new Burst()
  #signal: AbortSignal

  /** @param readUpTo the id of the last message read before the conversation was opened */
  constructor(id: number, log: MessageLog, readUpTo: number, signal: AbortSignal) {
    const { stretch } = log
    this.#log = log
    this.#signal = signal
    this.reading = new Reading(id, readUpTo)
    this.#scroll = new Scroll(element('log'), element('log-items'), () => !stretch.hasNewer, signal)
    this.#scroll.onMove = () => this.moved()
    followDays(element('log'), signal)
    this.paging = new Paging(id, stretch, signal)
    this.paging.anchor = () => this.#scroll.inView
    this.#jump = new Jump(() => void this.toNewest())
    onReturn(() => this.#onReturn(), signal)
  }

  /** Undefined while following the newest. */
  get position(): Position | undefined {
    return this.#scroll.position
  }

  /** Scrolls to the first unread message unless it is in view, else to where the reader was. */
  async land(position: Position | undefined): Promise<void> {
    const { scrolledTo } = this.#scroll
    if (scrolledTo) this.#scroll.restore(scrolledTo)
    else if (this.#divider) this.#toDivider(this.reading.upTo)
    else if (position && !this.#scroll.restore(position)) await this.#returnTo(position)
    this.moved()
  }

  /** @returns the nodes that were added */
  draw(): HTMLElement[] {
    let added: HTMLElement[] = []
    this.#scroll.hold(() => {
      added = this.#log.draw()
    })
    return added
  }

  /** To be called before messages are added: those who follow the newest need little history. */
  makeRoom(): void {
    if (this.#scroll.atBottom) this.#log.stretch.trim()
  }

  /** @param news messages of others that are new */
  received(news: Message[]): void {
    const followed = this.#scroll.atBottom
    this.#burst.extend(this.#log.drawnUpTo, this.reading.upTo)
    const added = this.draw()
    const first = this.#firstOfBurst
    const isSeen = followed && isAttended() && this.#scroll.atBottom && (!first || this.#isWithin(first))
    if (first && !isSeen) this.#divideAt(first)
    // Unseen messages are not scrolled past.
    if (followed && !isSeen) this.#toDivider(this.#burst.readUpTo)
    if (!this.#scroll.atBottom) this.#jump.add(followed && first ? this.#countBelow(first) : news.length)
    else if (added.length <= 2) for (const node of added) appear(node)
    announce(news)
    this.moved()
  }

  async show(id: number): Promise<void> {
    if (!this.#nodeOf(id)) {
      if (!(await this.paging.jump({ around_id: id }))) return
      this.#log.draw()
    }
    const original = this.#nodeOf(id)
    if (!original) return showNotice(reader.t('messages.gone'))
    this.#light(original)
  }

  /**
   * Scrolls to the first message at or after a time, else to the newest.
   * @returns that message; null when there is none; undefined when a later jump has overtaken this one
   */
  async showFrom(at: string): Promise<Message | null | undefined> {
    if (!(await this.paging.jump({ at }))) return undefined
    this.#log.draw()
    const first = this.#log.stretch.messages.find(({ created_at }) => created_at >= at)
    const node = first && this.#nodeOf(first.id)
    if (node) this.#light(node)
    else await this.toNewest()
    return first ?? null
  }

  #nodeOf(id: number): HTMLElement | null {
    return element('log').querySelector<HTMLElement>(`[data-message-id="${id}"]`)
  }

  #light(node: HTMLElement): void {
    this.#scroll.to(node)
    if (!isWriting()) node.focus({ preventScroll: true })
    highlight(node)
  }

  /** The divider goes to the message from which on all was marked as unread. @returns takes it back */
  leaveUnread(id: number, where: 'here' | 'elsewhere'): () => void {
    const { firstUnreadId } = this.#log
    const takeBack = this.reading.leave(id, where)
    this.#log.firstUnreadId = id
    this.draw()
    return () => {
      if (!takeBack()) return
      this.#log.firstUnreadId = firstUnreadId
      this.draw()
      this.moved()
    }
  }

  /** The reader has opened it anew. */
  enter(): void {
    if (!this.reading.isLeft) return
    this.reading.enter()
    this.#toDivider(this.reading.upTo)
    this.moved()
  }

  async toNewest(): Promise<void> {
    if (this.#log.stretch.hasNewer) {
      try {
        if (!(await this.paging.jump())) return
      } catch {
        return showNotice(reader.t('messages.change_failed'))
      }
      this.#log.draw()
    }
    this.#scroll.toBottom()
    // Jumping to the end marks everything as read.
    this.#markRead(true)
    this.moved()
  }

  moved(): void {
    this.#jump.show(!this.#scroll.atBottom)
    this.#markRead()
    if (this.#scroll.fromTop < nearEdgePx) void this.#drawWhenLoaded(this.paging.older())
    if (this.#scroll.fromBottom < nearEdgePx) void this.#drawWhenLoaded(this.paging.newer())
  }

  async #drawWhenLoaded(page: Promise<boolean>): Promise<void> {
    if (!(await page) || this.#signal.aborted) return
    this.draw()
    this.#scroll.moved()
  }

  async #returnTo(position: Position): Promise<void> {
    const jumped = await this.paging.jump({ around_id: position.id }).catch(() => false)
    if (!jumped) return
    this.#log.draw()
    this.#scroll.restore(position)
  }

  get #divider(): Element | null {
    return element('log').querySelector('.unread-line')
  }

  /** @param readUpTo a divider up to here is out of date */
  #toDivider(readUpTo: number): void {
    const divider = this.#divider
    const isRead = (this.#log.firstUnreadId ?? 0) <= readUpTo
    if (!divider || isRead || (this.#scroll.atBottom && !this.#scroll.isAbove(divider))) return
    this.#scroll.to(divider)
  }

  /** The first unread message of the current burst, if everything before the burst was read. */
  get #firstOfBurst(): Message | undefined {
    const { stretch } = this.#log
    const { drawnUpTo, readUpTo } = this.#burst
    const first = stretch.messages.find((message) => message.id > readUpTo && mayBeUnread(message))
    return first && first.id > drawnUpTo && stretch.reaches(readUpTo) ? first : undefined
  }

  #divideAt({ id }: Message): void {
    if (this.#log.firstUnreadId === id) return
    this.#log.firstUnreadId = id
    this.draw()
  }

  #isWithin({ id }: Message): boolean {
    const node = element('log').querySelector(`[data-message-id="${id}"]`)
    return !!node && !this.#scroll.isAbove(node)
  }

  #countBelow(first: Message): number {
    const from = Math.max(first.id, this.#scroll.lastInView + 1)
    return this.#log.stretch.messages.filter((message) => message.id >= from && isOthers(message)).length
  }

  // The read position is a single id, so what a jump has skipped must not lie below it.
  #markRead(isDone = false): void {
    const { stretch } = this.#log
    const newest = stretch.newest?.id ?? 0
    if (
      this.reading.isLeft ||
      !isAttended() ||
      this.reading.upTo >= newest ||
      !(isDone || stretch.reaches(this.reading.upTo))
    )
      return
    const upTo = this.#scroll.atBottom ? newest : this.#scroll.lastInView
    const others = stretch.messages.findLast((message) => message.id <= upTo && isOthers(message))
    this.reading.seen(upTo, others?.id ?? 0)
  }

  // The date may have changed, and what is in view is read now.
  #onReturn(): void {
    this.draw()
    this.#markRead()
  }
}
