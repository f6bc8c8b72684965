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

/** The text that is written so; with the entities that sanitized HTML has, and an editor's. */
export function unescapeText(source: string): string {
  if (!source.includes('&')) return source
  const text = source.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&nbsp;', '\u00a0')
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

/** Text as it is written in HTML between tags. */
export const escapeText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Text as it is written between double quotes. */
export const escapeAttribute = (text: string) => escapeText(text).replaceAll('"', '&quot;')

/** Where a link's tag leads. */
export function hrefOf(source: string): string {
  return unescapeText(/\shref="([^"]*)"/i.exec(source)?.[1] ?? '')
}
