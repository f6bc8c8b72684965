import { targetOf } from '../../views/messages/addresses.ts'
import type { Formats } from './lines.ts'

/** A property of a pasted element's `style`, which `parsePasted` has renamed; empty when not set. */
export type Style = (name: string) => string

const marks: Record<string, Formats> = {
  B: { bold: true },
  STRONG: { bold: true },
  H1: { bold: true },
  H2: { bold: true },
  H3: { bold: true },
  H4: { bold: true },
  H5: { bold: true },
  H6: { bold: true },
  I: { italic: true },
  EM: { italic: true },
  U: { underline: true },
  INS: { underline: true },
  S: { strike: true },
  DEL: { strike: true },
  STRIKE: { strike: true },
  CODE: { code: true },
  KBD: { code: true },
  SAMP: { code: true },
  TT: { code: true },
}

/**
 * Parses pasted HTML with its styles renamed: the page's Content-Security-Policy would report every one of them. Only
 * attributes are renamed, not text that mentions styles.
 */
export function parsePasted(html: string): HTMLElement {
  const tags = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi
  const inert = escapeStray(html).replace(tags, (tag) => tag.replace(/(\s)style(?=\s*=)/gi, '$1data-style'))
  return new DOMParser().parseFromString(inert, 'text/html').body
}

/** Some programs put addresses in angle brackets, which then look like tags. */
const escapeStray = (html: string) =>
  html.replace(/<(?=https?:\/\/|mailto:|[^\s<>"'=/]+@[^\s<>"'=/]+>)/gi, '&lt;')

export function styleOf(element: Element): Style {
  const given = new Map<string, string>()
  for (const part of (element.getAttribute('data-style') ?? '').split(';')) {
    const [name, ...value] = part.split(':')
    given.set(name!.trim().toLowerCase(), value.join(':').trim().toLowerCase())
  }
  return (name) => given.get(name) ?? ''
}

/** The formats of an element's content; a style overrides the tag. */
export function formatsOf(element: Element, style: Style, around: Formats): Formats {
  const now: Formats = { ...around, ...marks[element.tagName] }
  const set = (name: string, on: boolean, off: boolean) => {
    if (on) now[name] = true
    else if (off) delete now[name]
  }
  const weight = style('font-weight')
  const line = style('text-decoration') + style('text-decoration-line')
  set('bold', /^(bold|bolder|[6-9]00)$/.test(weight), /^(normal|lighter|[1-5]00)$/.test(weight))
  set('italic', /^(italic|oblique)/.test(style('font-style')), style('font-style') === 'normal')
  set('underline', line.includes('underline'), line === 'none')
  set('strike', line.includes('line-through'), line === 'none')
  const link = element.tagName === 'A' && targetOf(element.getAttribute('href') ?? '')
  if (link) {
    now.link = link
    // Every link is underlined anyway.
    delete now.underline
  }
  return now
}

const ignoredTags =
  /^(SCRIPT|STYLE|TITLE|HEAD|META|METADATA|DESC|LINK|TEMPLATE|NOSCRIPT|IFRAME|OBJECT|SELECT|VIDEO|AUDIO|CANVAS)$/i

/** What was not visible where it was copied. */
export const isInvisible = (element: Element, style: Style): boolean =>
  ignoredTags.test(element.tagName) ||
  element.hasAttribute('hidden') ||
  style('display') === 'none' ||
  style('visibility') === 'hidden' ||
  style('mso-hide') === 'all' ||
  // The marker of a list item in Word.
  style('mso-list') === 'ignore' ||
  // Chrome ends a copied paragraph with it.
  element.classList.contains('Apple-interchange-newline')

const monospace = /mono|courier|consolas|menlo|monaco|source code|fira code|cascadia/

/** Code of more than one line, as editors and terminals copy it. */
export const isCode = (element: Element, style: Style): boolean =>
  element.tagName === 'PRE' ||
  (/^pre/.test(style('white-space')) && monospace.test(style('font-family')) && hasLines(element))

const hasLines = (element: Element) =>
  element.textContent.trim().includes('\n') || element.querySelectorAll('div, p, br').length > 1
