import { Parser } from 'htmlparser2'
import scrape from 'open-graph-scraper'
import { fetchGuarded } from './fetch.ts'
import type { Resolve } from './guard.ts'

/** What a page says of itself, as plain text; `image` is the address at which its picture may be. */
export interface PageAbout {
  title: string | null
  description: string | null
  image: string | null
}

const mostTags = 200
const mostLevels = 64
const mostOfAttribute = 4096
const mostTitle = 200
const mostDescription = 400
const mostOfAddress = 2048
const step = 8 * 1024

/** Reads about a page. @throws Refused, or whatever the connection met */
export async function readPage(address: string, resolve?: Resolve): Promise<PageAbout> {
  const { url, type, body } = await fetchGuarded(address, {
    type: /^(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i,
    accept: 'text/html,application/xhtml+xml',
    mostBytes: 1024 * 1024,
    mayBeCut: true,
    milliseconds: 3000,
    resolve,
  })
  return aboutPage(textOf(body, type), url)
}

/** What HTML says of itself: og: tags, else its title and description. */
export async function aboutPage(html: string, url: URL): Promise<PageAbout> {
  const { result } = await scrape({ html: head(html), onlyGetOpenGraphInfo: false })
  const picture = result.ogImage?.[0]?.url && URL.parse(result.ogImage[0].url, url)
  return {
    title: oneLine(result.ogTitle ?? result.twitterTitle, mostTitle),
    description: oneLine(result.ogDescription ?? result.twitterDescription, mostDescription),
    image: picture && picture.href.length <= mostOfAddress ? picture.href : null,
  }
}

function textOf(body: Buffer, type: string): string {
  const [, declared] = /charset\s*=\s*["']?([\w.:-]+)/i.exec(type + body.toString('latin1', 0, 2048)) ?? []
  try {
    return new TextDecoder(declared).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/**
 * A page's title and meta tags and nothing else, side by side: what is nested deeply, on purpose, would take a tree's
 * builder more time or stack than there is. Pieces are read one by one, and no more once there is enough.
 */
function head(html: string): string {
  const tags: string[] = []
  let title: string | undefined
  let hasTitleEnded = false
  let level = 0
  let isEnough = false
  const parser = new Parser({
    onopentag(name, attributes) {
      level++
      isEnough ||= name === 'body' || level > mostLevels || tags.length >= mostTags
      if (name === 'title') title ??= ''
      if (name === 'meta' && !isEnough) tags.push(metaTag(attributes))
    },
    ontext(piece) {
      if (title !== undefined && !hasTitleEnded && title.length < mostOfAttribute) title += piece
    },
    onclosetag(name) {
      level--
      if (name === 'title') hasTitleEnded = true
    },
  })
  for (let at = 0; at < html.length && !isEnough; at += step) parser.write(html.slice(at, at + step))
  return `<html><head><title>${inHtml(title ?? '')}</title>${tags.join('')}</head><body></body></html>`
}

/** Names are compared in lower case by who reads it. */
function metaTag({ name, property, content = '' }: Record<string, string>): string {
  const key = (property ?? name ?? '').toLowerCase()
  return `<meta ${property === undefined ? 'name' : 'property'}="${inHtml(key)}" content="${inHtml(content)}">`
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const inHtml = (text: string) => text.slice(0, mostOfAttribute).replace(/[&<>"]/g, (sign) => escapes[sign]!)

/** Without what controls the direction of text or cannot be stored; null when nothing is left. */
function oneLine(text: unknown, most: number): string | null {
  if (typeof text !== 'string') return null
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
  if (line === '') return null
  const characters = [...line]
  return characters.length > most
    ? `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
    : line
}
