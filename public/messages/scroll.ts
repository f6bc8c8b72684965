import { element } from '../page.ts'

const nearBottomPx = 60

/** A message, and how many pixels below the log's top edge it is. */
export interface Position {
  id: number
  offset: number
}

/** Keeps the reader at the bottom of the log if they were there, else at what they are reading. */
export class Scroll {
  onMove: () => void = () => {}
  #log: HTMLElement
  #items: HTMLElement
  #isEnd: () => boolean
  #follows = true
  /** Where following last scrolled to. */
  #top = 0
  /** Where the reader scrolled before the script came. */
  readonly scrolledTo: Position | undefined

  /** @param isEnd whether the log ends with the conversation: only then new messages are followed */
  constructor(log: HTMLElement, items: HTMLElement, isEnd: () => boolean, signal: AbortSignal) {
    this.#log = log
    this.#items = items
    this.#isEnd = isEnd
    // Until now the style sheet has kept the newest in view, at 0.
    if (log.scrollTop < 0) this.scrolledTo = this.#firstInView
    element('conversation').classList.remove('conversation--drawn')
    this.toBottom()
    log.addEventListener('scroll', () => this.moved(), { signal, passive: true })
    const watch = new ResizeObserver(() => this.atBottom && this.toBottom())
    watch.observe(log)
    watch.observe(items)
    signal.addEventListener('abort', () => watch.disconnect())
  }

  /** At the conversation's end, following new messages. */
  get atBottom(): boolean {
    // Scrolled up since; the event comes only with the next frame.
    if (this.#follows && this.#log.scrollTop < this.#top - 1) this.#follow()
    return this.#follows
  }

  get fromTop(): number {
    return this.#log.scrollTop
  }

  get fromBottom(): number {
    const { scrollTop, clientHeight, scrollHeight } = this.#log
    return scrollHeight - scrollTop - clientHeight
  }

  /** The reader has scrolled, or the content has changed under them. */
  moved(): void {
    this.#follow()
    this.onMove()
  }

  #follow(): void {
    this.#follows = this.#isEnd() && this.fromBottom < nearBottomPx
    this.#top = this.#log.scrollTop
  }

  toBottom(): void {
    this.#log.scrollTop = this.#log.scrollHeight
    this.#top = this.#log.scrollTop
    this.#follows = this.#isEnd()
  }

  /** Scrolls an element near the top of the view, with some context above it. */
  to(element: Element): void {
    this.#log.scrollTop += this.#offsetOf(element) - this.#log.clientHeight / 4
    this.moved()
  }

  isAbove(element: Element): boolean {
    return this.#offsetOf(element) < 0
  }

  /** Undefined while following the newest. */
  get position(): Position | undefined {
    return this.atBottom ? undefined : this.#firstInView
  }

  get #firstInView(): Position | undefined {
    const first = this.#articles('[data-message-id]:not([data-message-id=""])').find(
      (article) => this.#offsetOf(article) + article.offsetHeight > 0,
    )
    return first && { id: Number(first.dataset.messageId), offset: this.#offsetOf(first) }
  }

  /** @returns false when the message is not loaded */
  restore({ id, offset }: Position): boolean {
    const article = this.#articles(`[data-message-id="${id}"]`)[0]
    if (!article) return false
    this.#log.scrollTop += this.#offsetOf(article) - offset
    this.moved()
    return true
  }

  /** The id of the last message that is wholly in view. */
  get lastInView(): number {
    const bottom = this.#log.clientHeight + 1
    const last = this.#articles('[data-message-id]').findLast(
      (article) => this.#offsetOf(article) + article.offsetHeight <= bottom,
    )
    return Number(last?.dataset.messageId ?? 0)
  }

  /** The id of the message in the middle of the view. */
  get inView(): number | undefined {
    return Number(this.#middle()?.dataset.messageId) || undefined
  }

  /** Changes the content without moving what is in view. */
  hold(change: () => void): void {
    const key = this.#middle()?.dataset.key
    const before = this.#offsetOfKey(key)
    const follows = this.atBottom
    change()
    this.#follows = follows && this.#isEnd()
    if (this.#follows) return this.toBottom()
    const after = this.#offsetOfKey(key)
    if (before !== undefined && after !== undefined) this.#log.scrollTop += after - before
  }

  // Not the topmost: when older messages are added above it, it may lose its sender's name and some height.
  #middle(): HTMLElement | undefined {
    const half = this.#log.clientHeight / 2
    const articles = this.#articles()
    return (
      articles.find((article) => this.#offsetOf(article) + article.offsetHeight > half) ?? articles.at(-1)
    )
  }

  #articles(which = ''): HTMLElement[] {
    return [...this.#items.querySelectorAll<HTMLElement>(`article${which}`)]
  }

  #offsetOf(element: Element): number {
    return element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top
  }

  #offsetOfKey(key: string | undefined): number | undefined {
    const node = key && this.#items.querySelector(`[data-key="${CSS.escape(key)}"]`)
    return node ? this.#offsetOf(node) : undefined
  }
}
