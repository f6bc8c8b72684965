const BOTTOM = 60

/** Where the reader is in the log. He stays at the bottom if he was there, and at what he reads if not. */
export class Scroll {
  onMove: () => void = () => {}
  /** Whether the log's end is the conversation's: only there new messages are followed. */
  isEnd: () => boolean = () => true
  #log: HTMLElement
  #items: HTMLElement
  #atBottom = true

  constructor(log: HTMLElement, items: HTMLElement, signal: AbortSignal) {
    this.#log = log
    this.#items = items
    // Until now the style sheet alone kept the newest in view.
    log.classList.add('log--live')
    this.toBottom()
    log.addEventListener('scroll', () => this.#moved(), { signal, passive: true })
    const watch = new ResizeObserver(() => this.atBottom && this.toBottom())
    watch.observe(log)
    watch.observe(items)
    signal.addEventListener('abort', () => watch.disconnect())
  }

  get atBottom(): boolean {
    return this.#atBottom && this.isEnd()
  }

  get fromTop(): number {
    return this.#log.scrollTop
  }

  get fromBottom(): number {
    const { scrollTop, clientHeight, scrollHeight } = this.#log
    return scrollHeight - scrollTop - clientHeight
  }

  toBottom(): void {
    this.#atBottom = true
    this.#log.scrollTop = this.#log.scrollHeight
  }

  /** Brings an element near the top of the view, with some of what was before it. */
  to(element: Element): void {
    const offset = element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top
    this.#log.scrollTop += offset - this.#log.clientHeight / 4
    this.#moved()
  }

  /** The last message that is in view whole, by id; what is above it has been seen. */
  get lastInView(): number {
    const { bottom } = this.#log.getBoundingClientRect()
    const articles = [...this.#items.querySelectorAll<HTMLElement>('article[data-message-id]')]
    const last = articles.findLast((article) => article.getBoundingClientRect().bottom <= bottom + 1)
    return Number(last?.dataset.messageId ?? 0)
  }

  /** Changes the log's content without moving what is in view. */
  hold(change: () => void): void {
    const follow = this.atBottom
    const key = follow ? undefined : this.#middle()?.dataset.key
    const before = this.#offsetOf(key)
    change()
    const after = this.#offsetOf(key)
    if (follow && this.isEnd()) this.toBottom()
    else if (before !== undefined && after !== undefined) this.#log.scrollTop += after - before
  }

  #moved(): void {
    this.#atBottom = this.fromBottom < BOTTOM
    this.onMove()
  }

  // Not the topmost: where older messages join, it loses its sender's name and with it some height.
  #middle(): HTMLElement | undefined {
    const { top, height } = this.#log.getBoundingClientRect()
    const articles = [...this.#items.querySelectorAll<HTMLElement>('article')]
    return (
      articles.find((article) => article.getBoundingClientRect().bottom > top + height / 2) ?? articles.at(-1)
    )
  }

  #offsetOf(key: string | undefined): number | undefined {
    const node = key && this.#items.querySelector(`[data-key="${CSS.escape(key)}"]`)
    return node ? node.getBoundingClientRect().top : undefined
  }
}
