import { unescapeText } from '../escape.ts'

const mention = /<span class="mention" data-user-id="(\d+)">/g

/** The users mentioned in a message's stored HTML, each once, in the order of the text. */
export function mentionsIn(html: string | null): number[] {
  if (!html?.includes('data-user-id')) return []
  return [...new Set([...html.matchAll(mention)].map(([, id]) => Number(id)))]
}

const attributes = /^<span class="mention" data-user-id="(\d+)">$/

/**
 * The start tag of a mention as it is shown: it opens the card of who is mentioned, as a sender's name does, and stays a
 * mention when it is copied. Undefined for any other tag.
 */
export function shownMention(source: string, viewerId: number | undefined): string | undefined {
  const [, id] = attributes.exec(source) ?? []
  if (!id) return undefined
  const mine = Number(id) === viewerId ? ' mention--me' : ''
  return `<span class="mention${mine}" data-user-id="${id}" data-person="${id}" role="button" aria-haspopup="dialog" data-inner tabindex="-1">`
}

/** The name that was written for them, by which they are known even when they have left. */
export function nameIn(html: string | null, userId: number): string | undefined {
  const start = `<span class="mention" data-user-id="${userId}">@`
  const at = html?.indexOf(start) ?? -1
  if (!html || at < 0) return undefined
  const from = at + start.length
  return unescapeText(html.slice(from, html.indexOf('</span>', from)))
}
