import type { Op } from 'quill/core.js'

/** What a run of text or a line looks like, in Quill's names. */
export type Formats = Record<string, unknown>

/** A mention in a text: one thing, not signs. */
export interface Mention {
  text: string
  id?: string
}

export interface Run {
  insert: string | { mention: Mention }
  attributes?: Formats
}

/**
 * A line of the editor. Besides Quill's own formats: `joined`, it goes on in the block of the line before, after a
 * `<br>`; `of`, the block of the loaded HTML that it came from.
 */
export interface Line {
  runs: Run[]
  formats: Formats
}

/** A block that text goes into. */
export interface Leaf {
  formats: Formats
  /** It has lines already, so that the next one is joined to them. */
  begun?: boolean
}

/** Collects lines from what a document has, from its beginning to its end. */
export class LineBuilder {
  readonly lines: Line[] = []
  #runs: Run[] = []

  /** Whether there is something on the line that has not ended. */
  get pending(): boolean {
    return this.#runs.length > 0
  }

  /** The text that the line ends with so far. */
  get tail(): string {
    const insert = this.#runs.at(-1)?.insert
    return typeof insert === 'string' ? insert : ''
  }

  add(insert: Run['insert'], attributes: Formats): void {
    if (insert === '') return
    this.#runs.push({ insert, ...(Object.keys(attributes).length && { attributes }) })
  }

  end(leaf: Leaf): void {
    const joined = leaf.begun && !leaf.formats['code-block'] && { joined: 'true' }
    this.lines.push({ runs: this.#runs, formats: { ...leaf.formats, ...joined } })
    leaf.begun = true
    this.#runs = []
  }

  settle(leaf: Leaf): void {
    if (this.pending) this.end(leaf)
  }
}

export function toOps(lines: Line[]): Op[] {
  return lines.flatMap(({ runs, formats }) => [
    ...runs,
    { insert: '\n', ...(Object.keys(formats).length && { attributes: formats }) },
  ]) as Op[]
}

/** @param last how the line is formatted that a piece of a document ends in the middle of */
export function toLines(ops: Op[], last: Formats = {}): Line[] {
  const builder = new LineBuilder()
  for (const { insert, attributes = {} } of ops) {
    const pieces = typeof insert === 'string' ? insert.split('\n') : [insert as Run['insert']]
    for (const [index, piece] of pieces.entries()) {
      if (index) builder.end({ formats: attributes })
      builder.add(piece, attributes)
    }
  }
  builder.settle({ formats: last })
  return builder.lines
}

/** What a reader reads. */
export const textOf = (lines: Line[]): string =>
  lines.map(({ runs }) => runs.map(({ insert }) => wordsOf(insert)).join('')).join('\n')

const wordsOf = (insert: Run['insert']) => (typeof insert === 'string' ? insert : insert.mention.text)

const ofBlocks = ['blockquote', 'list', 'indent', 'code-block', 'joined', 'of']
const some = (formats: Formats, wanted: (name: string) => boolean): Formats =>
  Object.fromEntries(Object.entries(formats).filter(([name, value]) => value && wanted(name)))

/** Of all formats at a place those of its line. */
export const blockFormats = (formats: Formats): Formats => some(formats, (name) => ofBlocks.includes(name))
/** Of all formats at a place those of its words. */
export const inlineFormats = (formats: Formats): Formats => some(formats, (name) => !ofBlocks.includes(name))
