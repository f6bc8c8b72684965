import { callTo, phonePattern } from './phones.ts'

/** An address found in a text, from `start` up to `end`. */
export interface Address {
  start: number
  end: number
  target: string
}

const maxLength = 2048

// These end an address; an apostrophe is part of it when a letter follows.
const terminators = String.raw`\s<>"\u0060“”„«»‹›‘‚，。、；：！？「」『』【】（）《》\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069`
const rest = String.raw`(?:[^${terminators}'’,;]|['’](?=[\p{L}\p{N}])|[,;](?!https?:\/\/|www\.))*`
const label = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?`
const host = String.raw`(?:${label}\.)+(?:\p{L}{2,}|xn--[a-z0-9-]+)`

// Without `https://` or `www.`, only domains that cannot be two sentences ("jutro.Do") or a file name.
const endings = 'pl|com|org|net|eu|info|edu|gov|biz|de|uk|fr|cz|sk|ua|lt|ch|nl|dk|io|dev|app'
/** Recognized only before a path: `youtu.be/x`. */
const endingsOfPath = 'be|gg|gl|ly|me|us'
const patterns = [
  String.raw`(?<url>(?<![\p{L}\p{N}@])[hH][tT][tT][pP][sS]?:\/\/${rest})`,
  String.raw`(?<mail>(?<![\p{L}\p{N}._%+@-])[\p{L}\p{N}_](?:[\p{L}\p{N}._%+'-]{0,62}[\p{L}\p{N}_+-])?@${host}(?![\p{L}\p{N}_@-]))`,
  String.raw`(?<www>(?<![\p{L}\p{N}_@/.:&=%#?+~\\-])(?:[wW]{3}\.${host}|(?:${label}\.)+(?:${endings}|(?:${endingsOfPath})(?=\/)))(?![\p{L}\p{N}_@-]|\.[\p{L}\p{N}])(?::\d{1,5}(?!\d))?(?:[/?#]${rest})?)`,
]

const anyAddress = new RegExp([...patterns, `(?<phone>${phonePattern})`].join('|'), 'gu')
const mayHoldAddress = /\.[\p{L}\p{N}]|@|:\/\/|\d{2}/u

/** The web, email and telephone addresses in a plain text. */
export function addresses(text: string): Address[] {
  if (!mayHoldAddress.test(text)) return []
  const found: Address[] = []
  for (const { index, 0: match, groups = {} } of text.matchAll(anyAddress)) {
    const { mail, phone, url } = groups
    const address = mail || phone ? match : trimmed(match)
    const target = mail
      ? `mailto:${mail}`
      : phone
        ? callTo(phone)
        : webTarget(url ? address : `https://${address}`)
    if (target) found.push({ start: index, end: index + address.length, target })
  }
  return found
}

/** The `tel:` target of a text that is a telephone number and nothing else. */
export function phoneTarget(text: string): string | undefined {
  const [address] = addresses(text.trim())
  const isWhole = address?.start === 0 && address.end === text.trim().length
  return isWhole && address.target.startsWith('tel:') ? address.target : undefined
}

const webTarget = (url: string) => (url.length <= maxLength && URL.canParse(url) ? url : undefined)

const openings = new Map(Object.entries({ ')': '(', ']': '[', '}': '{' }))

/** Without the punctuation or closing bracket of the sentence around it. */
function trimmed(address: string): string {
  let end = Math.min(address.length, maxLength + 1)
  for (; end > 0; end--) {
    const last = address[end - 1]!
    if (/[.,;:!?…*_~'’]/.test(last)) continue
    const opening = openings.get(last)
    if (!opening || count(address, opening, end) >= count(address, last, end)) break
  }
  return address.slice(0, end)
}

function count(text: string, sign: string, end: number): number {
  let found = 0
  for (let at = 0; at < end; at++) if (text[at] === sign) found++
  return found
}

/**
 * The absolute target of a link in a message: web, email or telephone.
 * @returns undefined for scripts, other schemes, and relative addresses, which would lead to our own site
 */
export function targetOf(href: string): string | undefined {
  // As browsers do: trimmed, without line breaks and tabs.
  const written = href.replace(/[\t\n\r]/g, '').replace(/^[\0- ]+|(?<![\0- ])[\0- ]+$/g, '')
  if (/^https?:/i.test(written)) return asWritten(written)
  if (/^mailto:[^\s@]+@[^\s@]/i.test(written)) return lowerScheme(written).replace(/\s/g, encodeURIComponent)
  if (/^tel:[+\d][\d ().\u00a0-]*$/i.test(written)) return lowerScheme(written)
  const [only] = addresses(written)
  return only && only.start === 0 && only.end === written.length ? only.target : undefined
}

const lowerScheme = (address: string) => address.replace(/^[a-z]+/i, (scheme) => scheme.toLowerCase())

const asWritten = (url: string) =>
  URL.canParse(url) ? (/^https?:\/\/[^/\\]\S*$/i.test(url) ? url : new URL(url).href) : undefined
