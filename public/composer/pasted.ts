import { type Formats, type Leaf, type Line, LineBuilder, type Run } from './lines.ts'
import { type Item, PastedLists } from './pasted-list.ts'
import { formatsOf, isCode, isInvisible, parsePasted, type Style, styleOf } from './pasted-style.ts'
import { isLayout, mentionOf } from './read.ts'

const blocks =
  /^(ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|CAPTION|CENTER|DD|DETAILS|DIR|DIV|DL|DT|FIELDSET|FIGCAPTION|FIGURE|FOOTER|FORM|H[1-6]|HEADER|HGROUP|HR|LI|MAIN|MENU|NAV|OL|P|PRE|SECTION|SUMMARY|TABLE|TEXTAREA|UL|text)$/

interface Place {
  leaf: Leaf
  inline: Formats
  /** Whitespace is kept. */
  isPreformatted: boolean
}

/** Reads what any program copied: all of its words, and as much of its structure as a message may have. */
export function readPasted(html: string): Line[] {
  return new PastedReader().read(parsePasted(html), {})
}

class PastedReader {
  #builder = new LineBuilder()
  #lists = new PastedLists()
  /** To be written before the next words. */
  #marker = ''

  read(root: Element, inline: Formats, isPreformatted = false): Line[] {
    const leaf: Leaf = { formats: {} }
    this.#children(root, { leaf, inline, isPreformatted })
    this.#builder.endPending(leaf)
    return this.#builder.lines.map(({ runs, formats }) => ({ runs: trimRuns(runs), formats }))
  }

  #children(parent: Element, place: Place): void {
    for (const node of parent.childNodes) {
      if (isLayout(node, isBlock)) continue
      if (node instanceof Text) this.#text(node.data, place)
      else if (node instanceof Element) this.#element(node, place)
    }
  }

  #text(text: string, { leaf, inline, isPreformatted }: Place): void {
    if (this.#marker && !/^\s*$/.test(text)) {
      this.#builder.add(this.#marker, {})
      this.#marker = ''
    }
    if (!isPreformatted) {
      const one = text.replace(/[ \t\r\n\f]+/g, ' ')
      const begins = !this.#builder.pending || this.#builder.tail.endsWith(' ')
      return this.#builder.add(begins ? one.replace(/^ /, '') : one, inline)
    }
    for (const [index, piece] of text.split(/\r\n?|\n/).entries()) {
      if (index) this.#builder.end(leaf)
      this.#builder.add(piece, inline)
    }
  }

  #element(element: Element, place: Place): void {
    const style = styleOf(element)
    if (isInvisible(element, style)) return
    const inside = {
      ...place,
      inline: this.#inlineOf(element, style, place),
      isPreformatted: keepsWhitespace(element, style, place),
    }
    if (element.tagName === 'BR') this.#builder.end(place.leaf)
    else if (element.tagName === 'IMG') this.#text(alternative(element), { ...place, isPreformatted: false })
    else if (element.matches('span.mention'))
      this.#builder.add({ mention: mentionOf(element) }, inside.inline)
    else if (element.matches('[data-stringify-type="paragraph-break"]')) this.#paragraphBreak(place)
    else if (element.tagName === 'TABLE') this.#table(element, inside)
    else if (isBlock(element)) this.#block(element, style, inside)
    else this.#children(element, inside)
  }

  #inlineOf(element: Element, style: Style, { leaf, inline }: Place): Formats {
    return leaf.formats['code-block'] || isCode(element, style) ? {} : formatsOf(element, style, inline)
  }

  /** Slack's. */
  #paragraphBreak({ leaf }: Place): void {
    this.#builder.end(leaf)
    this.#builder.end(leaf)
  }

  #block(element: Element, style: Style, place: Place): void {
    const { leaf: around } = place
    this.#builder.endPending(around)
    const leaf = this.#leafOf(element, style, around)
    this.#children(element, { ...place, leaf })
    this.#builder.endPending(leaf)
    // Text after a nested block is a new paragraph; in a list item it continues the item.
    if (!around.formats.list) around.hasLines = false
  }

  #leafOf(element: Element, style: Style, around: Leaf): Leaf {
    const { formats } = around
    const item = this.#lists.ofWord(element, style)
    if (item) return this.#itemLeaf(item, formats)
    if (element.tagName === 'LI' && formats.list)
      return this.#itemLeaf(this.#lists.of(element, formats), formats)
    if (isList(element)) return { formats: { ...formats, ...listOf(element, formats) }, hasLines: true }
    if (element.tagName === 'BLOCKQUOTE') return { formats: { ...formats, ...quoteIn(formats) } }
    // Paragraphs and code in a list item become its lines.
    if (formats.list) return around
    this.#lists.interrupt()
    return { formats: { ...formats, ...(isCode(element, style) && { 'code-block': true }) } }
  }

  #itemLeaf({ formats, marker = '' }: Item, { list, indent, ...around }: Formats): Leaf {
    this.#marker = marker
    return { formats: { ...around, ...formats } }
  }

  /** One line a row, cells separated by tabs. Rows of a single cell are only layout. */
  #table(table: Element, place: Place): void {
    this.#builder.endPending(place.leaf)
    const leaf: Leaf = { formats: { ...place.leaf.formats } }
    for (const caption of table.querySelectorAll(':scope > caption')) this.#element(caption, place)
    for (const row of table.querySelectorAll(':scope > tr, :scope > * > tr')) {
      if (isInvisible(row, styleOf(row)) || isInvisible(row.parentElement!, styleOf(row.parentElement!)))
        continue
      const cells = [...row.querySelectorAll(':scope > :is(td, th)')].filter(
        (cell) => !isInvisible(cell, styleOf(cell)),
      )
      if (cells.length === 1) this.#block(cells[0]!, styleOf(cells[0]!), { ...place, leaf })
      else this.#row(cells, { ...place, leaf })
    }
    if (!place.leaf.formats.list) place.leaf.hasLines = false
  }

  #row(cells: Element[], { leaf, inline, isPreformatted }: Place): void {
    for (const [index, cell] of cells.entries()) {
      if (index) this.#builder.add('\t', {})
      const around = formatsOf(cell, styleOf(cell), inline)
      for (const [number, line] of new PastedReader().read(cell, around, isPreformatted).entries()) {
        if (number) this.#builder.add(' ', {})
        for (const { insert, attributes = {} } of line.runs) this.#builder.add(insert, attributes)
      }
    }
    this.#builder.end(leaf)
  }
}

const isBlock = (node: Node) => node instanceof Element && blocks.test(node.tagName)
const isList = ({ tagName }: Element) => /^(UL|OL|MENU|DIR)$/.test(tagName)

function listOf({ tagName }: Element, { list, indent = 0 }: Formats): Formats {
  return {
    list: tagName === 'OL' ? 'ordered' : 'bullet',
    ...(list !== undefined && { indent: Number(indent) + 1 }),
  }
}

const quoteIn = ({ blockquote = 0 }: Formats): Formats => ({ blockquote: String(Number(blockquote) + 1) })

function keepsWhitespace(element: Element, style: Style, { isPreformatted }: Place): boolean {
  const how = style('white-space-collapse') || style('white-space')
  if (/^(PRE|TEXTAREA)$/.test(element.tagName) || /^(pre|break-spaces)/.test(how)) return true
  return how ? false : isPreformatted
}

/** A picture's alternative text; words, unlike emoji, are set apart from the text around them. */
function alternative(picture: Element): string {
  const words = picture.getAttribute('alt')?.trim() ?? ''
  return /\p{L}/u.test(words) ? ` ${words} ` : words
}

/** Without trailing spaces; non-breaking spaces, which other editors indent with, become spaces. */
function trimRuns(runs: Run[]): Run[] {
  const tidied: Run[] = []
  for (const run of runs.toReversed()) {
    const insert = typeof run.insert === 'string' ? run.insert.replaceAll('\u00a0', ' ') : run.insert
    const kept = typeof insert === 'string' && !tidied.length ? insert.trimEnd() : insert
    if (kept !== '') tidied.unshift({ ...run, insert: kept })
  }
  return tidied
}
