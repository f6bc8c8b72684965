import { decodePage } from './charset.ts'
import { fetchGuarded } from './fetch.ts'
import type { Resolve } from './guard.ts'
import { readHead } from './head.ts'

/** A page's description of itself, as plain text; `image` is the URL of its picture. */
export interface PageAbout {
  title: string | null
  description: string | null
  image: string | null
}

const maxTitle = 200
const maxDescription = 400
const maxAddress = 2048

/** Fetches a page's description. @throws Refused, or the connection's error */
export async function readPage(address: string, resolve?: Resolve): Promise<PageAbout> {
  const { url, type, body } = await fetchGuarded(address, {
    type: /^(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i,
    accept: 'text/html,application/xhtml+xml',
    maxBytes: 1024 * 1024,
    mayBeCut: true,
    milliseconds: 3000,
    resolve,
  })
  return aboutPage(decodePage(body, type), url)
}

/** From Open Graph tags first, then Twitter's, then title and description. */
export function aboutPage(html: string, url: URL): PageAbout {
  const { title, metas, base } = readHead(html)
  const said = (...keys: string[]) => keys.flatMap((key) => metas.get(key) ?? [])
  const firstLine = (texts: string[], max: number) =>
    texts.map((text) => oneLine(text, max)).find((line) => line !== null) ?? null
  return {
    title: firstLine([...said('og:title', 'twitter:title'), title], maxTitle),
    description: firstLine(said('og:description', 'twitter:description', 'description'), maxDescription),
    image: firstAddress(said(...images), baseOf(url, base)),
  }
}

const images = [
  'og:image:secure_url',
  'og:image',
  'og:image:url',
  'twitter:image',
  'twitter:image:src',
  'image',
]

const isWeb = (url: URL | null) => url?.protocol === 'http:' || url?.protocol === 'https:'

/** The base of the page's relative URLs. */
function baseOf(url: URL, base: string | undefined): URL {
  const parsed = base === undefined ? null : URL.parse(base, url)
  return parsed && isWeb(parsed) ? parsed : url
}

function firstAddress(addresses: string[], base: URL): string | null {
  const urls = addresses.filter((address) => address.trim() !== '').map((address) => URL.parse(address, base))
  return urls.find((url) => isWeb(url) && url!.href.length <= maxAddress)?.href ?? null
}

/** Without direction marks and what cannot be stored; null when nothing is left. */
function oneLine(text: string, max: number): string | null {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
  if (line === '') return null
  const characters = [...line]
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : line
}
