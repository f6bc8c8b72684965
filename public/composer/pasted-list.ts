import type { Formats } from './lines.ts'
import { type Style, styleOf } from './pasted-style.ts'

export interface Item {
  formats: Formats
  /** Its number as text, when a list of ours would show another one. */
  marker?: string
}

/** Keeps the numbers of pasted items: our lists always begin at 1. */
export class PastedLists {
  #numbers: number[] = []

  /** Something between two lists: our numbering starts over. */
  interrupt(): void {
    this.#numbers = []
  }

  /** Word and Outlook write list items as paragraphs. */
  ofWord(paragraph: Element, style: Style): Item | undefined {
    const level = /level(\d+)/.exec(style('mso-list'))?.[1]
    if (!level) return undefined
    const markers = [...paragraph.querySelectorAll('span')].filter(
      (each) => styleOf(each)('mso-list') === 'ignore',
    )
    const marker = (markers[0]?.textContent ?? '').replace(/\s+/g, ' ').trim()
    if (!/[\p{L}\d]\S*[.)]$/u.test(marker)) return { formats: itemOf('bullet', Number(level) - 1) }
    return this.#numbered(marker, Number(level) - 1)
  }

  /** @param formats where in which list the item is */
  of(item: Element, { list, indent = 0 }: Formats): Item {
    const kept = itemOf(String(list), Number(indent))
    const { parentElement } = item
    if (list !== 'ordered' || !parentElement || !isNumbered(item)) return { formats: kept }
    const items = [...parentElement.children].filter(({ tagName }) => tagName === 'LI')
    const first = Number(parentElement.getAttribute('start') ?? 1)
    return this.#numbered(`${item.getAttribute('value') ?? first + items.indexOf(item)}.`, Number(indent))
  }

  #numbered(marker: string, level: number): Item {
    const next = (this.#numbers[level] ?? 0) + 1
    if (marker !== `${next}.` && marker !== `${next})`) return { formats: {}, marker: `${marker} ` }
    this.#numbers = [...this.#numbers.slice(0, level), next]
    return { formats: itemOf('ordered', level) }
  }
}

const itemOf = (list: string, level: number): Formats => ({ list, ...(level > 0 && { indent: level }) })

const isNumbered = (item: Element) =>
  item.hasAttribute('value') || (item.parentElement?.getAttribute('start') ?? '1') !== '1'
