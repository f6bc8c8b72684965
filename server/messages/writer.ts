import { escapeText } from '../../views/messages/pieces.ts'

/** An element within a line: its name, and its tag with the attributes. */
export interface Format {
  tag: string
  opening: string
}

/** A line's surroundings: what its words are dressed in, and whether they stand in a block that is a paragraph. */
export interface Place {
  formats: Format[]
  isParagraph: boolean
}

const blank = /^[ \t\n\f]*$/

/**
 * Writes HTML in one normal form: lists, quotations and code hold paragraphs or lines, these hold formats, formats hold
 * text, and nothing is opened before there is something to stand in it. So it reads back as it was written, by any parser.
 */
export class Writer {
  #html = ''
  #containers: string[] = []
  #open: Format[] = []
  #inParagraph = false
  #hasWords = false
  #isCellStart = false
  /** The line before stands in no paragraph: nothing but a break parts it from the next. */
  #isBare = false
  #isPreStart = false
  #pending: 'blank' | 'line' | undefined

  get length(): number {
    return this.#html.length
  }

  text(given: string, place: Place): void {
    const inPre = this.#containers.includes('pre')
    const text = this.#isPreStart ? given.replace(/^\n/, '') : given
    if (!inPre && blank.test(text) && (!this.#hasWords || this.#pending)) return
    if (text === '') return
    this.#arrive(place, inPre)
    this.#dress(place.formats)
    // The first line break in a `pre` is not shown: it takes two to show one.
    this.#html += (this.#isPreStart && text.startsWith('\n') ? '\n' : '') + escapeText(text)
    this.#isPreStart = false
  }

  break(place: Place): void {
    this.#arrive(place, this.#containers.includes('pre'))
    this.#undress(this.#common(place.formats))
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

  /** What comes next stands on a line of its own; in a cell that has just begun, the line goes on. */
  newLine(): void {
    if (this.#hasWords && !this.#isCellStart) this.#pending = 'line'
  }

  /** What comes next stands on the same line, a blank apart. */
  newCell(isStart: boolean): void {
    this.#pending = this.#hasWords ? 'blank' : undefined
    this.#isCellStart = isStart
  }

  endLine(): void {
    this.#undress(0)
    if (this.#inParagraph) this.#html += '</p>'
    this.#isBare = this.#inParagraph ? false : this.#isBare || this.#hasWords
    this.#inParagraph = this.#hasWords = this.#isCellStart = false
    this.#pending = undefined
  }

  done(): string {
    this.endLine()
    return this.#html
  }

  /** Opens the line that words are about to stand on. */
  #arrive({ isParagraph }: Place, inPre: boolean): void {
    if (this.#pending === 'line') this.endLine()
    if (this.#pending === 'blank') this.#html += ' '
    if (!this.#hasWords) {
      this.#inParagraph = isParagraph && !inPre
      if (this.#inParagraph) this.#html += '<p>'
      else if (this.#isBare) this.#html += inPre ? '\n' : '<br>'
      this.#isBare = false
    }
    this.#pending = undefined
    this.#hasWords = true
    this.#isCellStart = false
  }

  #dress(formats: Format[]): void {
    const common = this.#common(formats)
    this.#undress(common)
    for (const format of formats.slice(common)) {
      this.#html += format.opening
      this.#open.push(format)
    }
  }

  #undress(kept: number): void {
    while (this.#open.length > kept) this.#html += `</${this.#open.pop()!.tag}>`
  }

  #common(formats: Format[]): number {
    // Each element is one of its own: two mentions side by side stay two.
    const differs = this.#open.findIndex((format, i) => format !== formats[i])
    return differs < 0 ? this.#open.length : differs
  }
}
