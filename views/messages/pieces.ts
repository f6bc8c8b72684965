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

/** Decodes the entities that occur in sanitized HTML and in the editor's. */
export function unescapeText(source: string): string {
  if (!source.includes('&')) return source
  const text = source.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&nbsp;', '\u00a0')
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

/** For text between tags. */
export const escapeText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** For double-quoted attributes. */
export const escapeAttribute = (text: string) => escapeText(text).replaceAll('"', '&quot;')

export function hrefOf(source: string): string {
  return unescapeText(/\shref="([^"]*)"/i.exec(source)?.[1] ?? '')
}
