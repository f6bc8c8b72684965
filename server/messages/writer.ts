import { escapeText } from '../../views/escape.ts'

/** An inline element: its name, and its start tag with the attributes. */
export interface Format {
  tag: string
  opening: string
}

/** The formats around a line's text, and whether its block is a paragraph. */
export interface LineContext {
  formats: Format[]
  isParagraph: boolean
}

const blank = /^[ \t\n\f]*$/

/**
 * Writes HTML in one normal form: lists, quotations and code hold paragraphs or lines, these hold formats, formats hold
 * text, and nothing is opened before it has content. So any parser reads it back as it was written.
 */
export class Writer {
  #html = ''
  #containers: string[] = []
  #open: Format[] = []
  #inParagraph = false
  #hasText = false
  #isCellStart = false
  /** The line before is not in a paragraph, so it takes a line break to separate it from the next. */
  #isBare = false
  #isPreStart = false
  #pending: 'blank' | 'line' | undefined

  get length(): number {
    return this.#html.length
  }

  text(given: string, context: LineContext): void {
    const inPre = this.#containers.includes('pre')
    const text = this.#isPreStart ? given.replace(/^\n/, '') : given
    if (!inPre && blank.test(text) && (!this.#hasText || this.#pending)) return
    if (text === '') return
    this.#openLine(context, inPre)
    this.#openFormats(context.formats)
    // Browsers drop the first line break in a `pre`: it takes two to show one.
    this.#html += (this.#isPreStart && text.startsWith('\n') ? '\n' : '') + escapeText(text)
    this.#isPreStart = false
  }

  break(context: LineContext): void {
    this.#openLine(context, this.#containers.includes('pre'))
    this.#closeFormats(this.#common(context.formats))
    this.#html += '<br>'
    this.#isPreStart = false
  }

  enter(container: string): void {
    this.endLine()
    this.#html += `<${container}>`
    this.#containers.push(container)
    this.#isBare = false
    this.#isPreStart = container === 'pre'
  }

  leave(): void {
    this.endLine()
    this.#html += `</${this.#containers.pop()}>`
    this.#isBare = false
    this.#isPreStart = false
  }

  /** What follows goes on a line of its own; at the start of a cell, the line goes on. */
  startLine(): void {
    if (this.#hasText && !this.#isCellStart) this.#pending = 'line'
  }

  /** What follows goes on the same line, after a space. */
  startCell(isStart: boolean): void {
    this.#pending = this.#hasText ? 'blank' : undefined
    this.#isCellStart = isStart
  }

  endLine(): void {
    this.#closeFormats(0)
    if (this.#inParagraph) this.#html += '</p>'
    this.#isBare = this.#inParagraph ? false : this.#isBare || this.#hasText
    this.#inParagraph = this.#hasText = this.#isCellStart = false
    this.#pending = undefined
  }

  done(): string {
    this.endLine()
    return this.#html
  }

  #openLine({ isParagraph }: LineContext, inPre: boolean): void {
    if (this.#pending === 'line') this.endLine()
    if (this.#pending === 'blank') this.#html += ' '
    if (!this.#hasText) {
      this.#inParagraph = isParagraph && !inPre
      if (this.#inParagraph) this.#html += '<p>'
      else if (this.#isBare) this.#html += inPre ? '\n' : '<br>'
      this.#isBare = false
    }
    this.#pending = undefined
    this.#hasText = true
    this.#isCellStart = false
  }

  #openFormats(formats: Format[]): void {
    const common = this.#common(formats)
    this.#closeFormats(common)
    for (const format of formats.slice(common)) {
      this.#html += format.opening
      this.#open.push(format)
    }
  }

  #closeFormats(kept: number): void {
    while (this.#open.length > kept) this.#html += `</${this.#open.pop()!.tag}>`
  }

  #common(formats: Format[]): number {
    // Compared by identity: two adjacent mentions stay two.
    const differs = this.#open.findIndex((format, i) => format !== formats[i])
    return differs < 0 ? this.#open.length : differs
  }
}
