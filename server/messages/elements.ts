const words = (text: string) => new Set(text.split(/\s+/))

/** The tag that each format is stored with; others are dropped, and their content stays. */
export const formatTags: Record<string, string> = Object.assign(Object.create(null), {
  ...{ strong: 'strong', b: 'strong', em: 'em', i: 'em', u: 'u', code: 'code' },
  ...{ s: 's', del: 's', strike: 's' },
})

/** Blocks that a message may have, besides paragraphs. */
export const containers = words('blockquote ol ul li pre')

/** Blocks that become paragraphs, with their text on lines of their own. */
export const lines = words(
  `address article aside caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3
  h4 h5 h6 header hgroup hr legend main menu nav optgroup option p search section select summary table tbody tfoot
  thead tr`,
)

/** Put on one line, a space apart. */
export const cells = words('td th')

export const isBlock = (name: string) => containers.has(name) || lines.has(name) || cells.has(name)

/** Void elements, which have no end tag. */
export const childless = words(
  'area base basefont br col command embed frame hr image img input link meta param source track wbr',
)

/** Text rather than tags, unless they have attributes or an end: `List<Object>`, "podaj <address>", "w polu <input>". */
const empty = words('br hr wbr')
const endless = words(
  'html head body colgroup rb rp rt rtc center div dd dt h1 h2 h3 h4 h5 h6 optgroup option p table',
)
const rows = words('tbody tfoot thead tr')
export const isWord = (name: string) =>
  !(empty.has(name) || endless.has(name) || rows.has(name)) &&
  !(containers.has(name) || cells.has(name) || name in formatTags || name.includes(':'))

interface Implied {
  ends: Set<string>
  /** The ancestors that shield them: a list in a list, a table in a table. */
  within: Set<string>
}

const implied: Record<string, Implied> = Object.create(null)
const imply = (names: string, ends: string, within: string) => {
  for (const name of words(names)) implied[name] = { ends: words(ends), within: words(within) }
}
imply('li', 'li', 'ol ul menu dir blockquote table td th')
imply('dt dd', 'dt dd', 'dl table td th')
imply('td th', 'td th', 'tr table')
imply('tr', 'tr td th', 'table')
imply('thead tbody tfoot', 'thead tbody tfoot tr td th', 'table')
imply('option', 'option', 'select datalist optgroup')
imply('optgroup', 'option optgroup', 'select datalist')
imply('rt rp', 'rt rp', 'ruby')
imply('h1 h2 h3 h4 h5 h6', 'h1 h2 h3 h4 h5 h6', 'div li td th section article blockquote')

const paragraph: Implied = { ends: words('p'), within: words('table td th button object') }

/** These do not nest: a start tag ends the element before, but nothing inside it. */
export const unnested = words('a button')

/** The unclosed elements that a start tag ends. */
export function impliedEnds(name: string): Implied[] {
  const own = implied[name]
  return [...(isBlock(name) && !cells.has(name) ? [paragraph] : []), ...(own ? [own] : [])]
}
