import { plainText } from '../../views/messages/plain-text.ts'
import { limits } from '../contract/limits.ts'
import { cleanContent, inline, paragraph, sanitize } from '../messages/content.ts'
import { structure } from '../messages/structure.ts'
import { hasTag } from '../messages/tags.ts'
import { Problem } from '../web/problem.ts'

/** Levels that are kept of HTML nested more deeply than a message may be. */
const maxLevels = 48
/** Of one message's text, with room for a subject. */
const maxPartCharacters = limits.messageCharacters - 1000
/** Of its paragraph, with room for the tags around it. */
const maxPartBytes = limits.messageBytes - 4096

interface Part {
  html: string
  text: string
}

export interface Fitted {
  /** One or more messages. */
  parts: Part[]
  /** How content was changed that did not fit. */
  note?: string
}

/**
 * The content of an old message by the rules for new ones. What is too large or too deep for them is made simpler;
 * what is too long even then goes on in further messages, as plain text: pages and lists are made for messages of
 * the size that can be sent, and nothing is cut off.
 */
export function fitContent(content: string, subject: string | undefined): Fitted {
  const head = subject === undefined ? '' : `<p><strong>${inline(subject)}</strong></p>`
  if (!hasTag(content)) return fitText(head, content)
  const whole = fits(head + content)
  if (whole) return { parts: [whole], ...nothingLeft(whole) }
  // Without all that only takes room: styles, pictures in the text.
  const { html, isHuge } = structure(content, maxLevels)
  const simple = sanitize(isHuge ? structure(content, 0).html : html)
  const simpler = fits(head + simple)
  if (simpler) return { parts: [simpler], note: 'was too large or nested too deeply: made simpler' }
  return split(head, plainText(simple))
}

function fitText(head: string, text: string): Fitted {
  const whole = fits(head + paragraph(text))
  return whole ? { parts: [whole], ...nothingLeft(whole) } : split(head, text)
}

const nothingLeft = ({ text }: Part) => (text === '' ? { note: 'holds nothing that can be shown' } : {})

/** Undefined when it does not fit. */
function fits(html: string): Part | undefined {
  try {
    return cleanContent(html, { mayBeEmpty: true })
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

function split(head: string, text: string): Fitted {
  const parts = pieces(text).map((piece, i) =>
    cleanContent((i === 0 ? head : '') + paragraph(piece), { mayBeEmpty: true }),
  )
  const [first] = parts
  if (!first)
    return { parts: [cleanContent(head, { mayBeEmpty: true })], note: 'holds nothing that can be shown' }
  if (parts.length === 1) return { parts, note: 'was too large: kept as plain text' }
  return { parts, note: `was too long: goes on in ${parts.length} messages, as plain text` }
}

/** Cut between lines or words, if any, and never within a surrogate pair. */
function pieces(text: string): string[] {
  const found: string[] = []
  for (let rest = text.trim(); rest !== ''; ) {
    const end = cut(rest)
    const piece = rest.slice(0, end).trim()
    if (piece !== '') found.push(piece)
    rest = rest.slice(end).trimStart()
  }
  return found
}

function cut(text: string): number {
  let most = maxPartCharacters
  while (Buffer.byteLength(paragraph(text.slice(0, most))) > maxPartBytes) most = Math.floor(most / 2)
  if (text.length <= most) return text.length
  const slice = text.slice(0, most)
  const gap = Math.max(slice.lastIndexOf('\n'), slice.lastIndexOf(' '))
  if (gap > most / 2) return gap
  return /[\ud800-\udbff]$/.test(slice) ? most - 1 : most
}
