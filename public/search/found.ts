import { type Drawn, draw } from '../keyed.ts'
import { element, reader } from '../page.ts'
import { keepOneTabStop, rove } from '../roving.ts'

export const parts = ['conversations', 'people', 'messages', 'files', 'links'] as const
export type Part = (typeof parts)[number]

export interface Shown {
  rows: Drawn[]
  hasMore: boolean
}

const items = 'li > a, li > button, .found__more:not([hidden])'

/** The panel of results in place of the list, in parts that are there when they have any. */
export class Found {
  readonly panel = element('found')
  #state = element('found-state')
  #count = element('found-count')

  /** @param up called by ArrowUp on the first result */
  constructor(up: () => void) {
    this.panel.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowUp' || document.activeElement !== this.items[0]) return
      event.preventDefault()
      event.stopImmediatePropagation()
      up()
    })
    rove(this.panel, items, 'first')
  }

  get items(): HTMLElement[] {
    return [...this.panel.querySelectorAll<HTMLElement>(items)]
  }

  draw(shown: Record<Part, Shown>): void {
    for (const part of parts) {
      const section = this.#sectionOf(part)
      const { rows, hasMore } = shown[part]
      draw(section.querySelector('ul') as HTMLElement, rows)
      section.hidden = rows.length === 0
      ;(section.querySelector('[data-more]') as HTMLElement).hidden = !hasMore
    }
    keepOneTabStop(this.items)
  }

  /** What is to be said besides the results, or instead of them. */
  drawState(state: Drawn | undefined): void {
    draw(this.#state, state ? [state] : [])
  }

  /** To screen readers. */
  announce(words: string): void {
    if (this.#count.textContent !== words) this.#count.textContent = words
  }

  countWords(count: number, hasMore: boolean): string {
    return hasMore ? reader.t('search.least', { count }) : reader.t('search.count', { count })
  }

  /** The results of a part that come after its first `count`. */
  focusAfter(part: Part, count: number): void {
    this.#sectionOf(part).querySelectorAll<HTMLElement>('li > *')[count]?.focus()
  }

  #sectionOf(part: Part): HTMLElement {
    return this.panel.querySelector(`[data-part="${part}"]`) as HTMLElement
  }
}
