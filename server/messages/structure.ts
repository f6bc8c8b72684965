import { decodeHTMLAttribute } from 'entities'
import { escapeAttribute } from '../../views/escape.ts'
import { targetOf } from '../../views/messages/addresses.ts'
import { isMention, mentionStart } from '../mentions/write.ts'
import {
  cells,
  childless,
  containers,
  formatTags,
  impliedEnds,
  isBlock,
  lines,
  unnested,
} from './elements.ts'
import { type Attributes, tokens } from './tags.ts'
import { type Format, type LineContext, Writer } from './writer.ts'

/** How deeply a message's elements may be nested. */
export const maxLevels = 64

interface Open {
  name: string
  format?: Format | undefined
}

export interface Structured {
  html: string
  /** It was nested more deeply than is read. */
  isDeep: boolean
  /** It would have become many times larger than what was sent. */
  isHuge: boolean
}

/**
 * Brings any HTML into the form of a message: formats, lists and links stay, other blocks become paragraphs, and rows of
 * tables become lines. Of elements below `levels` only the text is kept. Takes linear time. Not a security measure: the
 * sanitizer, which runs afterwards, is.
 */
export function structure(content: string, levels = maxLevels): Structured {
  const tree = new Tree(levels)
  // Escaping takes six characters at most, but formats that are reopened on each of many lines have no such bound.
  const maxLength = 8 * content.length + 1024
  for (const token of tokens(content)) {
    if (tree.length > maxLength) return { html: '', isDeep: tree.isDeep, isHuge: true }
    if (token.kind === 'text') tree.text(token.text)
    else if (token.kind === 'start') tree.start(token.name, token.attributes)
    else tree.end(token.name)
  }
  return { html: tree.done(), isDeep: tree.isDeep, isHuge: false }
}

/** The open elements, as a browser would see them, and what their start and end tags mean for the lines. */
class Tree {
  isDeep = false
  #levels: number
  #open: Open[] = []
  #context: LineContext | undefined
  #writer = new Writer()

  constructor(levels: number) {
    this.#levels = levels
  }

  get length(): number {
    return this.#writer.length
  }

  text(text: string): void {
    this.#writer.text(text.replace(/\r\n?/g, '\n'), this.#currentContext())
  }

  start(name: string, attributes: Attributes): void {
    if (name === 'br') return this.#writer.break(this.#currentContext())
    if (name === 'img') return this.text(decodeHTMLAttribute(attributes.get('alt') ?? ''))
    if (unnested.has(name)) this.end(name)
    this.#endImplied(name)
    if (isBlock(name)) this.#atLine(name, true)
    if (childless.has(name)) return
    if (this.#open.length >= this.#levels) this.isDeep = true
    else {
      if (containers.has(name)) this.#writer.enter(name)
      this.#push({ name, format: formatOf(name, attributes) })
    }
  }

  end(name: string): void {
    const at = this.#open.findLastIndex((open) => open.name === name)
    if (at < 0) return
    if (isBlock(name)) this.#endFrom(at)
    // In `<b><i></b></i>` and `<b><p></b></p>` only the named element ends.
    else this.#open.splice(at, 1)
    this.#context = undefined
  }

  done(): string {
    this.#endFrom(0)
    return this.#writer.done()
  }

  #push(open: Open): void {
    this.#open.push(open)
    this.#context = undefined
  }

  #endImplied(name: string): void {
    for (const { ends, within } of impliedEnds(name)) {
      const at = this.#open.findLastIndex((open) => ends.has(open.name) || within.has(open.name))
      if (at >= 0 && ends.has(this.#open[at]!.name)) this.#endFrom(this.#firstOf(ends, within, at))
    }
  }

  /** The outermost of the ended elements: a row ends both its cell and the row before. */
  #firstOf(ends: Set<string>, within: Set<string>, last: number): number {
    let first = last
    for (let at = last; at >= 0 && !within.has(this.#open[at]!.name); at--)
      if (ends.has(this.#open[at]!.name)) first = at
    return first
  }

  #endFrom(at: number): void {
    while (this.#open.length > at) {
      const { name } = this.#open.pop()!
      if (containers.has(name)) this.#writer.leave()
      else if (isBlock(name)) this.#atLine(name, false)
    }
    this.#context = undefined
  }

  #atLine(name: string, isStart: boolean): void {
    if (cells.has(name)) this.#writer.startCell(isStart)
    else if (name === 'tr') this.#writer.endLine()
    else this.#writer.startLine()
  }

  #currentContext(): LineContext {
    this.#context ??= {
      formats: distinct(this.#open.flatMap(({ format }) => format ?? [])),
      isParagraph: isParagraph(this.#open.findLast(({ name }) => isBlock(name))?.name),
    }
    return this.#context
  }
}

const isParagraph = (block = '') => lines.has(block) || cells.has(block)

const distinct = (formats: Format[]) =>
  formats.filter(({ tag }, i) => formats.findIndex((each) => each.tag === tag) === i)

function formatOf(name: string, attributes: Attributes): Format | undefined {
  if (name === 'a') return linkTo(targetOf(decodeHTMLAttribute(attributes.get('href') ?? '')))
  if (name === 'span') return mentionOf(attributes.get('class'), attributes.get('data-user-id'))
  const tag = formatTags[name]
  return tag ? { tag, opening: `<${tag}>` } : undefined
}

const mentionOf = (name = '', userId = ''): Format | undefined =>
  isMention(name, userId) ? { tag: 'span', opening: mentionStart(userId) } : undefined

const linkTo = (target: string | undefined): Format | undefined =>
  target === undefined ? undefined : { tag: 'a', opening: `<a href="${escapeAttribute(target)}">` }
