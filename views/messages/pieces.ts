/** A tag or a run of text of HTML as messages have it. */
export interface Piece {
  /** The element's name and whether this is its end; undefined for text. */
  tag?: string
  isEnd?: boolean
  /** As it is written. */
  source: string
}

const pieceOf = /<(\/?)([a-z][a-z0-9]*)(?:"[^"]*"|[^"<>])*>|[^<]+|</gi

/** Tags and text of HTML that the server has sanitized: its grammar is small enough to be read without a parser. */
export function* pieces(html: string): Generator<Piece> {
  for (const [source, slash, tag] of html.matchAll(pieceOf))
    yield tag ? { tag: tag.toLowerCase(), isEnd: slash === '/', source } : { source }
}

const signs: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': '\u00a0',
}
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** The text that is written so; with the entities that sanitized HTML has. */
export const unescapeText = (source: string) =>
  source.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => signs[entity]!)

/** Text as it is written in HTML, between tags or between double quotes. */
export const escapeText = (text: string) => text.replace(/[&<>"]/g, (sign) => entities[sign]!)

/** Where a link's tag leads. */
export function hrefOf(source: string): string {
  return unescapeText(/\shref="([^"]*)"/i.exec(source)?.[1] ?? '')
}
