import { escapeAttribute, escapeText, unescapeText } from '../escape.ts'
import { addresses, targetOf } from './addresses.ts'
import { shownMention } from './mentions.ts'
import { hrefOf, pieces } from './pieces.ts'

/** Addresses inside these do not become links. */
const verbatim = new Set(['a', 'code', 'pre', 'span'])

const opening = (target: string, more: string) =>
  `<a href="${escapeAttribute(target)}" target="_blank" rel="noopener noreferrer nofollow"${more}>`

/**
 * A message's HTML with its addresses as links, without unsafe links, and with mentions that can be clicked.
 * @param viewerId whose own mentions stand out
 */
export function linked(html: string, viewerId?: number): string {
  let shown = ''
  let inside = 0
  let isUnsafe = false
  for (const { tag, isEnd, source } of pieces(html)) {
    const isPlain = inside === 0
    if (tag && verbatim.has(tag)) inside += isEnd ? -1 : 1
    if (tag === 'a' && !isEnd) {
      const target = targetOf(hrefOf(source))
      isUnsafe = !target
      shown += target ? opening(target, '') : ''
    } else if (tag === 'a' && isUnsafe) isUnsafe = false
    else if (tag === 'span' && isPlain) shown += shownMention(source, viewerId) ?? source
    else if (tag || inside > 0) shown += source
    else shown += linkedText(unescapeText(source))
  }
  return shown
}

/** Plain text as HTML with its addresses as links. @param more further attributes of the links */
export function linkedText(text: string, more = ''): string {
  let html = ''
  let position = 0
  for (const { start, end, target } of addresses(text)) {
    html += `${escapeText(text.slice(position, start))}${opening(target, more)}${escapeText(text.slice(start, end))}</a>`
    position = end
  }
  return html + escapeText(text.slice(position))
}

/** The first web address of a message. */
export const firstWebAddress = (html: string): string | undefined => webAddresses(html).next().value

/** The web addresses of a message, in a link or in text, but not in code or a name. */
export function* webAddresses(html: string): Generator<string, undefined> {
  let code = 0
  let links = 0
  for (const { tag, isEnd, source } of pieces(html)) {
    if (tag === 'code' || tag === 'pre' || tag === 'span') code += isEnd ? -1 : 1
    if (tag === 'a') links += isEnd ? -1 : 1
    if (code > 0 || (tag && (tag !== 'a' || isEnd)) || (!tag && links > 0)) continue
    const targets = tag
      ? [targetOf(hrefOf(source))]
      : addresses(unescapeText(source)).map(({ target }) => target)
    for (const target of targets) if (target && /^https?:/i.test(target)) yield target
  }
  return undefined
}
