import { unescapeText } from '../escape.ts'
import { hrefOf, pieces } from './pieces.ts'

const blocks = new Set(['p', 'li', 'blockquote', 'pre', 'ol', 'ul'])

/**
 * A message's HTML as plain text: blocks and breaks become lines, list items get their number or a bullet, link texts are
 * followed by their address, preformatted text is kept.
 */
export function plainText(html: string): string {
  const lines = new Lines()
  for (const { tag, isEnd, source } of pieces(html)) {
    if (!tag) lines.write(unescapeText(source))
    else if (tag === 'br') lines.break()
    else if (tag === 'a') isEnd ? lines.endLink() : lines.startLink(hrefOf(source))
    else if (blocks.has(tag)) isEnd ? lines.end(tag) : lines.start(tag)
  }
  return lines.done()
}

class Lines {
  #text = ''
  /** The line is empty, but for an item's marker. */
  #isFresh = true
  #isPreformatted = false
  /** The open lists, with the number of items so far in ordered ones. */
  #lists: { isOrdered: boolean; count: number }[] = []
  #link = { from: 0, href: '' }

  write(text: string): void {
    if (!this.#isPreformatted && this.#isFresh && /^\s*$/.test(text)) return
    this.#text += this.#text === '' && !this.#isPreformatted ? text.trimStart() : text
    this.#isFresh = text.endsWith('\n')
  }

  break(): void {
    if (this.#isPreformatted || !this.#text.endsWith('\n\n')) this.#text += '\n'
    this.#isFresh = true
  }

  start(block: string): void {
    this.#startLine()
    if (block === 'pre') this.#isPreformatted = true
    if (block === 'ol' || block === 'ul') this.#lists.push({ isOrdered: block === 'ol', count: 0 })
    if (block === 'li') this.#text += this.#marker()
  }

  end(block: string): void {
    this.#startLine()
    if (block === 'pre') this.#isPreformatted = false
    if (block !== 'ol' && block !== 'ul') return
    this.#lists.pop()
    if (this.#lists.length === 0) this.break()
  }

  startLink(href: string): void {
    this.#link = { from: this.#text.length, href }
  }

  endLink(): void {
    const { from, href } = this.#link
    const address = addressBehind(this.#text.slice(from), href)
    if (address) this.write(` (${address})`)
    this.#link = { from: 0, href: '' }
  }

  done(): string {
    const firstLines = /^(?:[^\S\n]*\n)+/
    return this.#text.replaceAll('\u00a0', ' ').replace(firstLines, '').trimEnd()
  }

  #startLine(): void {
    if (!this.#isFresh) this.break()
  }

  #marker(): string {
    const indent = '  '.repeat(Math.max(this.#lists.length - 1, 0))
    const list = this.#lists.at(-1)
    return list?.isOrdered ? `${indent}${++list.count}. ` : `${indent}• `
  }
}

const scheme = /^(?:https?:\/\/|mailto:|tel:)/i

/** The address of a link, unless its text says the same. */
function addressBehind(words: string, href: string): string | undefined {
  const address = href.replace(/^(?:mailto|tel):/i, '')
  if (!address) return undefined
  if (/^tel:/i.test(href) && digits(address).endsWith(digits(words) || '-')) return undefined
  return bare(words) === bare(address) ? undefined : address
}

const digits = (text: string) => text.replace(/\D/g, '')
const bare = (address: string) => address.trim().replace(scheme, '').replace(/\/$/, '').toLowerCase()
