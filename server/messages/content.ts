import { Parser } from 'htmlparser2'
import sanitizeHtml from 'sanitize-html'
import { invalid, Problem } from '../web/problem.ts'

const mostBytes = 64 * 1024
const mostLevels = 64
const mostCharacters = 20_000

const tag = /<\/?[a-z][^<>]*>/i
const childless = new Set(['br', 'hr', 'img', 'input'])
const block = new Set(['p', 'li', 'blockquote', 'pre', 'ol', 'ul'])

const policy: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'br',
    'strong',
    'em',
    'u',
    's',
    'a',
    'blockquote',
    'ol',
    'ul',
    'li',
    'code',
    'pre',
    'span',
  ],
  allowedAttributes: { a: ['href', 'rel'], span: ['class'] },
  allowedClasses: { span: ['mention'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    b: 'strong',
    i: 'em',
    del: 's',
    strike: 's',
    div: 'p',
    a: (_, { href = '' }) => ({ tagName: 'a', attribs: { href, rel: 'noopener noreferrer nofollow' } }),
  },
  // A span that is no mention and a link that leads nowhere go, what is in them stays.
  exclusiveFilter: ({ tag, attribs }) =>
    (tag === 'span' && attribs.class !== 'mention') || (tag === 'a' && !attribs.href) ? 'excludeTag' : false,
}

/**
 * A message's content as it is stored, from what somebody sent: HTML that holds only what the contract allows,
 * and the same as plain text. Text without a tag becomes a paragraph, its line breaks and its `<`, `>`, `&` kept.
 *
 * Size and depth are checked first, by one pass over the characters: sanitizing deeply nested HTML takes time
 * that grows with its square, and would be a way to stop the service.
 *
 * @throws Problem 400 when it says nothing, is too long or nested too deeply; 413 above 64 KiB
 */
export function cleanContent(content: string, { mayBeEmpty = false } = {}): { html: string; text: string } {
  checkShape(content)
  const html = trim(sanitizeHtml(tag.test(content) ? content : paragraph(content), policy))
  // Once more: what is added to links and closed for the sender may make it larger.
  checkShape(html)
  const text = plainText(html)
  if (text === '' && !mayBeEmpty) throw unfit('must not be empty')
  if (text.length > mostCharacters) throw unfit(`must have at most ${mostCharacters} characters`)
  return { html, text }
}

function checkShape(html: string): void {
  if (Buffer.byteLength(html) > mostBytes)
    throw new Problem(413, 'payload_too_large', 'The message is larger than 64 KiB.')
  if (depth(html) > mostLevels) throw unfit('is nested too deeply')
}

const unfit = (message: string) => invalid('The message does not fit.', [{ path: 'content', message }])

/**
 * The deepest nesting there can be, counted without parsing: what is open minus what is closed. Only what is open can
 * be closed: otherwise made-up closing tags would hide how deep it goes.
 */
function depth(html: string): number {
  const open = new Map<string, number>()
  let level = 0
  let deepest = 0
  for (const [, slash, written] of html.matchAll(/<(\/?)([a-z][^\s/>]*)/gi)) {
    const name = written!.toLowerCase()
    if (childless.has(name)) continue
    const before = open.get(name) ?? 0
    if (slash && before === 0) continue
    open.set(name, slash ? before - 1 : before + 1)
    level += slash ? -1 : 1
    deepest = Math.max(deepest, level)
  }
  return deepest
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** Plain text as the HTML that shows it so. */
export const paragraph = (text: string) =>
  `<p>${text.replace(/[&<>]/g, (sign) => escapes[sign]!).replace(/\r\n?|\n/g, '<br>')}</p>`

// Each sign can be read in one way only (\s is also the non-breaking space): otherwise the time doubles with each.
const emptyLine = /^(?:<p>(?:\s|&nbsp;|<br>)*<\/p>)?\s*$/

/** Empty lines before and after, which editors leave behind, say nothing. */
function trim(html: string): string {
  const lines = html.replaceAll('<br />', '<br>').split(/(?<=<\/p>)/)
  const first = lines.findIndex((line) => !emptyLine.test(line))
  const last = lines.findLastIndex((line) => !emptyLine.test(line))
  return lines.slice(Math.max(first, 0), last + 1).join('')
}

/** What a reader reads: tags gone, entities resolved, blocks and breaks on lines of their own. */
export function plainText(html: string): string {
  let text = ''
  const parser = new Parser({
    ontext: (piece) => {
      text += piece
    },
    onopentag: (name) => {
      if (name === 'br') text += '\n'
    },
    onclosetag: (name) => {
      if (block.has(name)) text += '\n'
    },
  })
  parser.end(html)
  return text
    .replaceAll('\u00a0', ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
