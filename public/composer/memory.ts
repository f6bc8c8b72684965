import type { Line } from './lines.ts'
import { cut, kindOf, write } from './write.ts'

interface Origin {
  html: string
  lines: string
  kinds: Set<string>
}

/**
 * Remembers what was loaded into the editor, so that untouched blocks are returned character by character: messages
 * can have structure that the editor cannot show.
 */
export class Memory {
  #whole = { html: '', lines: '' }
  #origins = new Map<unknown, Origin>()

  /** @param pieces the HTML of each block, by the `of` of its lines */
  remember(html: string, lines: Line[], pieces: Map<string, string>): void {
    this.#whole = { html, lines: JSON.stringify(lines) }
    this.#origins = new Map()
    for (const those of cut(lines, (a, b) => a.formats.of === b.formats.of)) {
      const of = String(those[0]!.formats.of)
      const kinds = new Set(those.map(kindOf))
      this.#origins.set(of, { html: pieces.get(of) ?? '', lines: JSON.stringify(those), kinds })
    }
  }

  write(lines: Line[]): string {
    if (JSON.stringify(lines) === this.#whole.lines) return this.#whole.html
    return cut(lines, (a, b) => this.#together(a, b))
      .map((those) => this.#section(those))
      .join('')
  }

  #section(lines: Line[]): string {
    const origin = this.#originOf(lines[0]!)
    return origin?.lines === JSON.stringify(lines) ? origin.html : write(lines)
  }

  /** Whether two neighbours share a block; new lines join the list, quote or code beside them. */
  #together(a: Line, b: Line): boolean {
    const [before, after] = [this.#originOf(a), this.#originOf(b)]
    if (before && before === after) return true
    if (b.formats.joined && kindOf(a) === kindOf(b)) return true
    return (!before || !after) && kindOf(a) === kindOf(b) && kindOf(a) !== 'plain'
  }

  #originOf(line: Line): Origin | undefined {
    const origin = this.#origins.get(line.formats.of)
    return origin?.kinds.has(kindOf(line)) ? origin : undefined
  }
}
