import type { Op } from 'quill/core.js'

/** Of a run or a line, by Quill's names. */
export type Formats = Record<string, unknown>

/** Treated as one unit, not as characters. */
export interface Mention {
  text: string
  id?: string
}

export interface Run {
  insert: string | { mention: Mention }
  attributes?: Formats
}

/**
 * A line of the editor. Its formats are Quill's and two of ours: `joined` continues the block of the line before, as
 * after a `<br>`; `of` names the block of the loaded HTML that the line came from.
 */
export interface Line {
  runs: Run[]
  formats: Formats
}

/** The innermost block, which takes the text. */
export interface Leaf {
  formats: Formats
  /** The next line joins those it has. */
  hasLines?: boolean
}

/** Collects the lines of a document, front to back. */
export class LineBuilder {
  readonly lines: Line[] = []
  #runs: Run[] = []

  get pending(): boolean {
    return this.#runs.length > 0
  }

  /** The last text on the unfinished line. */
  get tail(): string {
    const insert = this.#runs.at(-1)?.insert
    return typeof insert === 'string' ? insert : ''
  }

  add(insert: Run['insert'], attributes: Formats): void {
    if (insert === '') return
    this.#runs.push({ insert, ...(Object.keys(attributes).length && { attributes }) })
  }

  end(leaf: Leaf): void {
    const joined = leaf.hasLines && !leaf.formats['code-block'] && { joined: 'true' }
    this.lines.push({ runs: this.#runs, formats: { ...leaf.formats, ...joined } })
    leaf.hasLines = true
    this.#runs = []
  }

  endPending(leaf: Leaf): void {
    if (this.pending) this.end(leaf)
  }
}

export function toOps(lines: Line[]): Op[] {
  return lines.flatMap(({ runs, formats }) => [
    ...runs,
    { insert: '\n', ...(Object.keys(formats).length && { attributes: formats }) },
  ]) as Op[]
}

/** @param last the formats of an unfinished last line */
export function toLines(ops: Op[], last: Formats = {}): Line[] {
  const builder = new LineBuilder()
  for (const { insert, attributes = {} } of ops) {
    const pieces = typeof insert === 'string' ? insert.split('\n') : [insert as Run['insert']]
    for (const [index, piece] of pieces.entries()) {
      if (index) builder.end({ formats: attributes })
      builder.add(piece, attributes)
    }
  }
  builder.endPending({ formats: last })
  return builder.lines
}

export const textOf = (lines: Line[]): string =>
  lines.map(({ runs }) => runs.map(({ insert }) => wordsOf(insert)).join('')).join('\n')

const wordsOf = (insert: Run['insert']) => (typeof insert === 'string' ? insert : insert.mention.text)

const ofBlocks = ['blockquote', 'list', 'indent', 'code-block', 'joined', 'of']
const pickFormats = (formats: Formats, wanted: (name: string) => boolean): Formats =>
  Object.fromEntries(Object.entries(formats).filter(([name, value]) => value && wanted(name)))

/** The formats that belong to the line. */
export const blockFormats = (formats: Formats): Formats =>
  pickFormats(formats, (name) => ofBlocks.includes(name))
/** The formats that belong to the text. */
export const inlineFormats = (formats: Formats): Formats =>
  pickFormats(formats, (name) => !ofBlocks.includes(name))
