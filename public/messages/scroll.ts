const BOTTOM = 60

/** Where somebody is in a log: this message stands so many pixels below its upper edge. */
export interface Position {
  id: number
  offset: number
}

/** Where the reader is in the log: they stay at the bottom if they were there, and at what they read if not. */
export class Scroll {
  onMove: () => void = () => {}
  #log: HTMLElement
  #items: HTMLElement
  #isEnd: () => boolean
  #follows = true
  /** Where following has left the view. */
  #top = 0

  /** @param isEnd whether the log's end is the conversation's: only there new messages are followed */
  constructor(log: HTMLElement, items: HTMLElement, isEnd: () => boolean, signal: AbortSignal) {
    this.#log = log
    this.#items = items
    this.#isEnd = isEnd
    // Until now the style sheet alone kept the newest in view.
    log.classList.add('log--live')
    this.toBottom()
    log.addEventListener('scroll', () => this.moved(), { signal, passive: true })
    const watch = new ResizeObserver(() => this.atBottom && this.toBottom())
    watch.observe(log)
    watch.observe(items)
    signal.addEventListener('abort', () => watch.disconnect())
  }

  /** At the conversation's end, and following it. */
  get atBottom(): boolean {
    // Scrolled up since, which the browser says only with the next frame.
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

  /** The reader has moved, or the end has come to them. */
  moved(): void {
    this.#follow()
    this.onMove()
  }

  #follow(): void {
    this.#follows = this.#isEnd() && this.fromBottom < BOTTOM
    this.#top = this.#log.scrollTop
  }

  toBottom(): void {
    this.#log.scrollTop = this.#log.scrollHeight
    this.#top = this.#log.scrollTop
    this.#follows = this.#isEnd()
  }

  /** Brings an element near the top of the view, with some of what was before it. */
  to(element: Element): void {
    this.#log.scrollTop += this.#offsetOf(element) - this.#log.clientHeight / 4
    this.moved()
  }

  /** Whether an element lies above what is in view. */
  isAbove(element: Element): boolean {
    return this.#offsetOf(element) < 0
  }

  /** Nothing where the newest are followed. */
  get position(): Position | undefined {
    if (this.atBottom) return undefined
    const first = this.#articles('[data-message-id]:not([data-message-id=""])').find(
      (article) => this.#offsetOf(article) + article.offsetHeight > 0,
    )
    return first && { id: Number(first.dataset.messageId), offset: this.#offsetOf(first) }
  }

  /** @returns false when the message is not there */
  restore({ id, offset }: Position): boolean {
    const article = this.#articles(`[data-message-id="${id}"]`)[0]
    if (!article) return false
    this.#log.scrollTop += this.#offsetOf(article) - offset
    this.moved()
    return true
  }

  /** The last message that is in view whole, by id; what is above it has been seen. */
  get lastInView(): number {
    const bottom = this.#log.clientHeight + 1
    const last = this.#articles('[data-message-id]').findLast(
      (article) => this.#offsetOf(article) + article.offsetHeight <= bottom,
    )
    return Number(last?.dataset.messageId ?? 0)
  }

  /** The message in the middle of the view, by id. */
  get inView(): number | undefined {
    return Number(this.#middle()?.dataset.messageId) || undefined
  }

  /** Changes the log's content without moving what is in view. */
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

  // Not the topmost: where older messages join, it loses its sender's name and with it some height.
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
