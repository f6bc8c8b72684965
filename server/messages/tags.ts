import { decodeHTML } from 'entities'
import { Closings } from './closings.ts'
import { isWord } from './elements.ts'

/** A piece of HTML; text has its entities resolved. */
export type Token =
  | { kind: 'text'; text: string }
  | { kind: 'start'; name: string; attributes: Attributes }
  | { kind: 'end'; name: string }

/** The first value of each name, with its entities as written. */
export type Attributes = Map<string, string>

const words = (text: string) => new Set(text.split(/\s+/))

/** Anything else between `<` and `>` is text, such as `<jan@example.org>` or `List<String>`. */
const elements = words(
  `a abbr acronym address annotation applet area article aside audio b base basefont bdi bdo bgsound big blink
  blockquote body br button canvas caption center cite code col colgroup command data datalist dd del details dfn
  dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
  header hgroup hr html i iframe image img input ins kbd label legend li link listing main map mark marquee math menu
  merror meta meter mfrac mi mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable
  mtd mtext mtr munder munderover nav nobr noembed noframes noscript object ol optgroup option output p param picture
  plaintext pre progress q rb rp rt rtc ruby s samp script search section select semantics slot small source spacer
  span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt
  u ul var video wbr xml xmp`,
)
/** Their content is not text for readers. */
const silent = words('iframe noembed noframes noscript script style template title xml')
/** Their text is for readers, but the tags in it are not part of the message. */
const drawn = words('svg textarea xmp')

/** An HTML element, or one of Word's own. */
const startOfTag = /<(\/?)([a-z][a-z0-9]*|(?:[movwx]|st1|u\d):[a-z]+)(?=[\s/>])/iy
const attribute = /[\s/]+([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/y
const endOfTag = /[\s/]*>/y
/** What Word and mail programs write between their tags. */
const declaration = /<!(?:doctype\b|\[(?:if|endif)\b)[^<>]*>|<\?xml:namespace\b[^<>]*>/iy
/** How many `<` the values of a tag may hold. Without a limit each could begin a tag that is read to the end again. */
const maxInValues = 16

/** Text without a tag is plain. */
export function hasTag(content: string): boolean {
  for (const { kind } of tokens(content)) if (kind !== 'text') return true
  return false
}

/**
 * Reads HTML from left to right, in linear time. Whatever is not the tag of a known element is text.
 * Comments, and scripts and the like with their content, are left out; one that never ends is text.
 */
export function* tokens(content: string): Generator<Token> {
  const closings = new Closings(content)
  let done = 0
  for (let at = content.indexOf('<'); at >= 0; at = content.indexOf('<', Math.max(at + 1, done))) {
    const found = markupAt(content, at, closings)
    if (!found) continue
    if (at > done) yield text(content.slice(done, at))
    if (found.token) yield found.token
    if (found.words) yield { kind: 'text', text: found.words }
    done = found.end
  }
  if (done < content.length) yield text(content.slice(done))
}

const text = (source: string): Token => ({ kind: 'text', text: decodeHTML(source) })

interface Markup {
  end: number
  token?: Token
  words?: string
}

function markupAt(content: string, at: number, closings: Closings): Markup | undefined {
  if (content.startsWith('<!--', at)) return to(closings.endOfComment(at))
  if (content[at + 1] === '!' || content[at + 1] === '?')
    return to(matchAt(declaration, content, at) && declaration.lastIndex)
  const tag = tagAt(content, at)
  if (tag?.token?.kind !== 'start') return tag
  const { name, attributes } = tag.token
  const isDrawn = drawn.has(name)
  const end = isDrawn || silent.has(name) ? closings.endOfElement(name, tag.end) : undefined
  // An end tag without a start changes nothing, and still marks this as HTML.
  if (end !== undefined) {
    const words = isDrawn ? wordsIn(name, content.slice(tag.end, end)) : ''
    return { end, token: { kind: 'end', name }, words }
  }
  return attributes.size > 0 || !isWord(name) || closings.has(name, tag.end) ? tag : undefined
}

const unseen = /^<(\/?)(?:script|style|metadata)\b/i

/** The text in an element of `drawn`: the labels of a picture a space apart, other text as it stands. */
function wordsIn(name: string, source: string): string {
  const inside = source.replace(/<\/[^<]*$/, '')
  if (name !== 'svg') return name === 'xmp' ? inside : decodeHTML(inside)
  let isUnseen = false
  const labels: string[] = []
  for (const piece of inside.split(/(<[^<>]*>)/)) {
    const [tag, slash] = unseen.exec(piece) ?? []
    if (tag) isUnseen = slash === ''
    else if (!isUnseen && !piece.startsWith('<')) labels.push(decodeHTML(piece).trim())
  }
  return labels.filter(Boolean).join(' ')
}

const to = (end: number | null | undefined): Markup | undefined => (end ? { end } : undefined)

function tagAt(content: string, at: number): Markup | undefined {
  const [start, slash, written] = matchAt(startOfTag, content, at) ?? []
  const name = written?.toLowerCase()
  if (!start || !name || !(elements.has(name) || name.includes(':'))) return undefined
  const attributes: Attributes = new Map()
  let end = at + start.length
  let signs = 0
  for (let found = matchAt(attribute, content, end); found; found = matchAt(attribute, content, end)) {
    const [, key, double, single, plain] = found
    const value = double ?? single ?? plain
    // In "a <b and c> d" it is a letter, not a tag.
    if (slash || (value === undefined && name.length === 1)) return undefined
    if (!attributes.has(key!.toLowerCase())) attributes.set(key!.toLowerCase(), value ?? '')
    end += found[0].length
    signs += value?.includes('<') ? value.split('<').length : 0
    if (signs > maxInValues) return undefined
  }
  if (!matchAt(endOfTag, content, end)) return undefined
  return {
    end: endOfTag.lastIndex,
    token: slash ? { kind: 'end', name } : { kind: 'start', name, attributes },
  }
}

function matchAt(pattern: RegExp, content: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(content)
}
