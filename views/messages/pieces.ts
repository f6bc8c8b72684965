import { unescapeText } from '../escape.ts'

/** A tag or a run of text in a message's HTML. */
export interface Piece {
  /** The lower-case name of the element; undefined for text. */
  tag?: string
  isEnd?: boolean
  source: string
}

const pieceOf = /<(\/?)([a-z][a-z0-9]*)(?:"[^"]*"|[^"<>])*>|[^<]+|</gi

/** Splits HTML that the server has sanitized: its grammar is small enough to do without a parser. */
export function* pieces(html: string): Generator<Piece> {
  for (const [source, slash, tag] of html.matchAll(pieceOf))
    yield tag ? { tag: tag.toLowerCase(), isEnd: slash === '/', source } : { source }
}

export function hrefOf(source: string): string {
  return unescapeText(/\shref="([^"]*)"/i.exec(source)?.[1] ?? '')
}
