import { type Formats, type Leaf, type Line, LineBuilder, type Run } from './lines.ts'
import { type Item, PastedLists } from './pasted-list.ts'
import { formatsOf, isCode, isUnseen, parsePasted, type Style, styleOf } from './pasted-style.ts'
import { isLayout, mentionOf } from './read.ts'

const blocks =
  /^(ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|CAPTION|CENTER|DD|DETAILS|DIR|DIV|DL|DT|FIELDSET|FIGCAPTION|FIGURE|FOOTER|FORM|H[1-6]|HEADER|HGROUP|HR|LI|MAIN|MENU|NAV|OL|P|PRE|SECTION|SUMMARY|TABLE|TEXTAREA|UL|text)$/

/** Where one is in what was pasted. */
interface Place {
  leaf: Leaf
  inline: Formats
  /** Blanks and line breaks count as they stand. */
  keeps: boolean
}

/** Reads what was copied anywhere: as much of its shape as a message may have, and all of its words. */
export function readPasted(html: string): Line[] {
  return new PastedReader().read(parsePasted(html), {})
}

class PastedReader {
  #builder = new LineBuilder()
  #lists = new PastedLists()
  /** What stands before the next words. */
  #sign = ''

  read(root: Element, inline: Formats, keeps = false): Line[] {
    const leaf: Leaf = { formats: {} }
    this.#children(root, { leaf, inline, keeps })
    this.#builder.settle(leaf)
    return this.#builder.lines.map(({ runs, formats }) => ({ runs: tidy(runs), formats }))
  }

  #children(parent: Element, place: Place): void {
    for (const node of parent.childNodes) {
      if (isLayout(node, isBlock)) continue
      if (node instanceof Text) this.#text(node.data, place)
      else if (node instanceof Element) this.#element(node, place)
    }
  }

  #text(text: string, { leaf, inline, keeps }: Place): void {
    if (this.#sign && !/^\s*$/.test(text)) {
      this.#builder.add(this.#sign, {})
      this.#sign = ''
    }
    if (!keeps) {
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
    if (isUnseen(element, style)) return
    const inside = {
      ...place,
      inline: this.#inlineOf(element, style, place),
      keeps: keepsBlanks(element, style, place),
    }
    if (element.tagName === 'BR') this.#builder.end(place.leaf)
    else if (element.tagName === 'IMG') this.#text(alternative(element), { ...place, keeps: false })
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
    this.#builder.settle(around)
    const leaf = this.#leafOf(element, style, around)
    this.#children(element, { ...place, leaf })
    this.#builder.settle(leaf)
    // What stands beside a block is a paragraph of its own; in an item it goes on.
    if (!around.formats.list) around.begun = false
  }

  #leafOf(element: Element, style: Style, around: Leaf): Leaf {
    const { formats } = around
    const item = this.#lists.ofWord(element, style)
    if (item) return this.#itemLeaf(item, formats)
    if (element.tagName === 'LI' && formats.list)
      return this.#itemLeaf(this.#lists.of(element, formats), formats)
    if (isList(element)) return { formats: { ...formats, ...listOf(element, formats) }, begun: true }
    if (element.tagName === 'BLOCKQUOTE') return { formats: { ...formats, ...quoteIn(formats) } }
    // Paragraphs and code of an item are its lines.
    if (formats.list) return around
    this.#lists.interrupt()
    return { formats: { ...formats, ...(isCode(element, style) && { 'code-block': true }) } }
  }

  #itemLeaf({ formats, sign = '' }: Item, { list, indent, ...around }: Formats): Leaf {
    this.#sign = sign
    return { formats: { ...around, ...formats } }
  }

  /** A row a line, its cells apart. A row of one cell is only there for how it looks. */
  #table(table: Element, place: Place): void {
    this.#builder.settle(place.leaf)
    const leaf: Leaf = { formats: { ...place.leaf.formats } }
    for (const caption of table.querySelectorAll(':scope > caption')) this.#element(caption, place)
    for (const row of table.querySelectorAll(':scope > tr, :scope > * > tr')) {
      if (isUnseen(row, styleOf(row)) || isUnseen(row.parentElement!, styleOf(row.parentElement!))) continue
      const cells = [...row.querySelectorAll(':scope > :is(td, th)')].filter(
        (cell) => !isUnseen(cell, styleOf(cell)),
      )
      if (cells.length === 1) this.#block(cells[0]!, styleOf(cells[0]!), { ...place, leaf })
      else this.#row(cells, { ...place, leaf })
    }
    if (!place.leaf.formats.list) place.leaf.begun = false
  }

  #row(cells: Element[], { leaf, inline, keeps }: Place): void {
    for (const [index, cell] of cells.entries()) {
      if (index) this.#builder.add('\t', {})
      const around = formatsOf(cell, styleOf(cell), inline)
      for (const [number, line] of new PastedReader().read(cell, around, keeps).entries()) {
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

function keepsBlanks(element: Element, style: Style, { keeps }: Place): boolean {
  const how = style('white-space-collapse') || style('white-space')
  if (/^(PRE|TEXTAREA)$/.test(element.tagName) || /^(pre|break-spaces)/.test(how)) return true
  return how ? false : keeps
}

/** What is said of a picture; words, unlike emoji, stand apart from what is beside them. */
function alternative(picture: Element): string {
  const words = picture.getAttribute('alt')?.trim() ?? ''
  return /\p{L}/u.test(words) ? ` ${words} ` : words
}

/** Without what stands at the end of a line for nothing; hard blanks, which other editors indent with, are blanks. */
function tidy(runs: Run[]): Run[] {
  const tidied: Run[] = []
  for (const run of runs.toReversed()) {
    const insert = typeof run.insert === 'string' ? run.insert.replaceAll('\u00a0', ' ') : run.insert
    const kept = typeof insert === 'string' && !tidied.length ? insert.trimEnd() : insert
    if (kept !== '') tidied.unshift({ ...run, insert: kept })
  }
  return tidied
}
