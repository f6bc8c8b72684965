import type { Formats } from './lines.ts'
import { type Style, styleOf } from './pasted-style.ts'

export interface Item {
  formats: Formats
  /** What stood before it, when it is no item of a list that we can show with the same number. */
  sign?: string
}

/** Items, whose numbers must stay what they were: a list of ours begins at 1. */
export class PastedLists {
  #numbers: number[] = []

  /** Something else stands between: what follows would begin at 1 again. */
  interrupt(): void {
    this.#numbers = []
  }

  /** A paragraph of Word's or Outlook's that is an item. */
  ofWord(paragraph: Element, style: Style): Item | undefined {
    const level = /level(\d+)/.exec(style('mso-list'))?.[1]
    if (!level) return undefined
    const signs = [...paragraph.querySelectorAll('span')].filter(
      (each) => styleOf(each)('mso-list') === 'ignore',
    )
    const sign = (signs[0]?.textContent ?? '').replace(/\s+/g, ' ').trim()
    if (!/[\p{L}\d]\S*[.)]$/u.test(sign)) return { formats: itemOf('bullet', Number(level) - 1) }
    return this.#numbered(sign, Number(level) - 1)
  }

  /** An item of a list, whose place `formats` says. */
  of(item: Element, { list, indent = 0 }: Formats): Item {
    const kept = itemOf(String(list), Number(indent))
    const { parentElement } = item
    if (list !== 'ordered' || !parentElement || !isNumbered(item)) return { formats: kept }
    const items = [...parentElement.children].filter(({ tagName }) => tagName === 'LI')
    const first = Number(parentElement.getAttribute('start') ?? 1)
    return this.#numbered(`${item.getAttribute('value') ?? first + items.indexOf(item)}.`, Number(indent))
  }

  #numbered(sign: string, level: number): Item {
    const next = (this.#numbers[level] ?? 0) + 1
    if (sign !== `${next}.` && sign !== `${next})`) return { formats: {}, sign: `${sign} ` }
    this.#numbers = [...this.#numbers.slice(0, level), next]
    return { formats: itemOf('ordered', level) }
  }
}

const itemOf = (list: string, level: number): Formats => ({ list, ...(level > 0 && { indent: level }) })

const isNumbered = (item: Element) =>
  item.hasAttribute('value') || (item.parentElement?.getAttribute('start') ?? '1') !== '1'
