import { Parser } from 'htmlparser2'

/** Levels that are kept of HTML nested more deeply; below what content.ts allows. */
const mostLevels = 48
const kept = new Set([
  ...[
    'p',
    'div',
    'br',
    'strong',
    'b',
    'em',
    'i',
    'u',
    's',
    'del',
    'strike',
    'a',
    'blockquote',
    'ol',
    'ul',
    'li',
  ],
  ...['code', 'pre'],
])
/** What is in them is no text. */
const silent = new Set([
  ...['script', 'style', 'textarea', 'option', 'title', 'noscript', 'template', 'xmp', 'iframe', 'noembed'],
  ...['noframes', 'plaintext', 'svg', 'math', 'object', 'select'],
])
const childless = new Set(['br', 'hr', 'img', 'input', 'meta', 'link', 'col', 'wbr', 'area', 'base', 'embed'])
/** Opening one ends the one that is open. */
const selfEnding = new Set(['p', 'li', 'tr', 'td', 'th', 'dt', 'dd', 'option'])

/**
 * HTML without the tags that lie deeper than a few dozen levels, by one pass over the characters: a parser takes
 * time that grows with the square of the depth. Tags that are closed and never opened go too.
 */
export function flatten(html: string): { html: string; wasDeep: boolean } {
  const open: string[] = []
  let wasDeep = false
  const flat = html.replace(/<(\/?)([a-z][a-z0-9]*)[^<>]*>?/gi, (tag, slash, written) => {
    const name = written.toLowerCase()
    if (childless.has(name)) return tag
    if (slash) return close(open, name) ? tag : ''
    if (selfEnding.has(name) && open.at(-1) === name) open.pop()
    if (open.length >= mostLevels) {
      wasDeep = true
      return ''
    }
    open.push(name)
    return tag
  })
  return { html: flat, wasDeep }
}

function close(open: string[], name: string): boolean {
  const at = open.lastIndexOf(name)
  if (at >= 0) open.length = at
  return at >= 0
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const asText = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign]!)

/** Of flat HTML what the sanitizer might keep, without all that only takes room: styles, pictures in the text. */
export function slim(html: string): string {
  let out = ''
  let silence = 0
  const parser = new Parser({
    onopentag: (name, { href }) => {
      if (silent.has(name)) silence++
      else if (silence === 0 && kept.has(name))
        out += name === 'a' && href ? `<a href="${asText(href)}">` : `<${name}>`
    },
    ontext: (text) => {
      if (silence === 0) out += asText(text)
    },
    onclosetag: (name) => {
      if (silent.has(name)) silence--
      else if (silence === 0 && kept.has(name) && name !== 'br') out += `</${name}>`
    },
  })
  parser.end(html)
  return out
}
