import { addresses, targetOf } from './addresses.ts'
import { escapeAttribute, escapeText, hrefOf, pieces, unescapeText } from './pieces.ts'

/** What is in them is shown as it is. */
const untouched = new Set(['a', 'code', 'pre'])

const opening = (target: string, more: string) =>
  `<a href="${escapeAttribute(target)}" target="_blank" rel="noopener noreferrer nofollow"${more}>`

/** A message's HTML as it is drawn: with its addresses clickable, and what leads nowhere safe no link. */
export function linked(html: string): string {
  let shown = ''
  let inside = 0
  let isDead = false
  for (const { tag, isEnd, source } of pieces(html)) {
    if (tag && untouched.has(tag)) inside += isEnd ? -1 : 1
    if (tag === 'a' && !isEnd) {
      const target = targetOf(hrefOf(source))
      isDead = !target
      shown += target ? opening(target, '') : ''
    } else if (tag === 'a' && isDead) isDead = false
    else if (tag || inside > 0) shown += source
    else shown += linkedText(unescapeText(source))
  }
  return shown
}

/** Plain text as HTML with its addresses clickable; `more` are further attributes of those links. */
export function linkedText(text: string, more = ''): string {
  let html = ''
  let done = 0
  for (const { start, end, target } of addresses(text)) {
    html += `${escapeText(text.slice(done, start))}${opening(target, more)}${escapeText(text.slice(start, end))}</a>`
    done = end
  }
  return html + escapeText(text.slice(done))
}

/** The first address of the web in a message, in a link or typed, but not in code. */
export function firstWebAddress(html: string): string | undefined {
  let code = 0
  let links = 0
  for (const { tag, isEnd, source } of pieces(html)) {
    if (tag === 'code' || tag === 'pre') code += isEnd ? -1 : 1
    if (tag === 'a') links += isEnd ? -1 : 1
    if (code > 0 || (tag && (tag !== 'a' || isEnd)) || (!tag && links > 0)) continue
    const targets = tag
      ? [targetOf(hrefOf(source))]
      : addresses(unescapeText(source)).map(({ target }) => target)
    const web = targets.find((target) => target && /^https?:/i.test(target))
    if (web) return web
  }
  return undefined
}
