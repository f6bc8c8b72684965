import sanitizeHtml from 'sanitize-html'
import { escapeText, unescapeText } from '../../views/escape.ts'
import { countCharacters } from '../../views/messages/length.ts'
import { pieces } from '../../views/messages/pieces.ts'
import { plainText } from '../../views/messages/plain-text.ts'
import { visible } from '../contract/fields.ts'
import { limits } from '../contract/limits.ts'
import { isMention, noNames, withNames } from '../mentions/write.ts'
import { invalid, Problem } from '../web/problem.ts'
import { maxLevels, structure } from './structure.ts'
import { hasTag } from './tags.ts'

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
  allowedAttributes: { a: ['href', 'rel'], span: ['class', 'data-user-id'] },
  allowedClasses: { span: ['mention'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  transformTags: {
    a: (_, { href = '' }) => ({ tagName: 'a', attribs: { href, rel: 'noopener noreferrer nofollow' } }),
  },
  // Spans that are not mentions and links without a target are dropped; their content stays.
  exclusiveFilter: ({ tag, attribs }) =>
    (tag === 'span' && !isMention(attribs.class, attribs['data-user-id'])) || (tag === 'a' && !attribs.href)
      ? 'excludeTag'
      : false,
}

/**
 * A message's content as it is stored, from what was sent: HTML with only what the contract allows, and the
 * same as plain text. Text without a tag becomes a paragraph, its line breaks and its `<`, `>`, `&` kept.
 *
 * @param names of those who may be mentioned; other mentions become text
 * @throws Problem 400 when it shows nothing, is too long or nested too deeply; 413 above `limits.messageBytes`
 */
export function cleanContent(
  content: string,
  { mayBeEmpty = false, names = noNames } = {},
): { html: string; text: string } {
  checkSize(content)
  const { html: structured, isDeep, isHuge } = structure(htmlOf(content))
  if (isDeep) throw unfit(`is nested more than ${maxLevels} levels deep`)
  if (isHuge) throw tooLarge()
  const html = inParagraph(sanitize(structured, names))
  // Checked again: attributes added to links, names and tags closed for the sender may have made it larger.
  checkSize(html)
  const words = wordsOf(html)
  if (countCharacters(words) > limits.messageCharacters)
    throw unfit(`must have at most ${limits.messageCharacters} characters`)
  if (visible.test(words)) return { html, text: plainText(html) }
  if (!mayBeEmpty) throw unfit('must have a visible character')
  return { html: '', text: '' }
}

const tooLarge = () =>
  new Problem(413, 'payload_too_large', `The message is larger than ${limits.messageBytes / 1024} KiB.`)
const unfit = (message: string) =>
  invalid('The message cannot be sent as it is.', [{ path: 'content', message }])

function checkSize(html: string): void {
  if (Buffer.byteLength(html) > limits.messageBytes) throw tooLarge()
}

/** Without a tag it would be taken for plain text when it is sent again, and its entities for text. */
const inParagraph = (html: string) => (html === '' || html.includes('<') ? html : `<p>${html}</p>`)

/** What was sent, as HTML: text without a tag becomes a paragraph. */
const htmlOf = (content: string) => (hasTag(content) ? content : paragraph(content))

/** What nearly all messages are, of which sanitizing would keep everything: it takes ten times as long to find that out. */
const plainParagraphs = /^(?:<p>[^<>&]*(?:<br>[^<>&]*)*<\/p>)*$/

/**
 * Keeps what the contract allows. The HTML has to come from `structure()`: sanitizing deeply nested HTML takes quadratic
 * time, which would let one message stop the service.
 */
export const sanitize = (html: string, names = noNames) =>
  trim(plainParagraphs.test(html) ? html : withNames(sanitized(html), names))

const sanitized = (html: string) => sanitizeHtml(html, policy).replaceAll('<br />', '<br>')

export const paragraph = (text: string) => `<p>${inline(text)}</p>`

/** Text within a paragraph, its line breaks kept. */
export const inline = (text: string) => escapeText(text).replace(/\r\n?|\n/g, '<br>')

// Each character can match in one way only (\s includes the non-breaking space): otherwise the time is exponential.
const emptyLine = /^(?:<p>(?:\s|&nbsp;|<br>)*<\/p>)?\s*$/

/** Without the empty lines that editors leave at the beginning and end. */
function trim(html: string): string {
  const lines = html.split(/(?<=<\/p>)/)
  const first = lines.findIndex((line) => !emptyLine.test(line))
  const last = lines.findLastIndex((line) => !emptyLine.test(line))
  return lines.slice(Math.max(first, 0), last + 1).join('')
}

/** What the sender wrote, which is what is counted: without the line breaks, numbers and addresses of plain text. */
const wordsOf = (html: string) =>
  [...pieces(html)].map(({ tag, source }) => (tag ? '' : unescapeText(source))).join('')
