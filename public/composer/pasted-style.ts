import { targetOf } from '../../views/messages/addresses.ts'
import type { Formats } from './lines.ts'

/** What a pasted element says of how it looks. Its `style` was renamed before it was parsed: see `parsePasted`. */
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
 * Parses pasted HTML without its styles taking effect: the page's Content-Security-Policy would complain about every
 * one of them. Only what stands inside a tag is renamed, not text that speaks of styles.
 */
export function parsePasted(html: string): HTMLElement {
  const tags = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi
  const quiet = escapeStray(html).replace(tags, (tag) => tag.replace(/(\s)style(?=\s*=)/gi, '$1data-style'))
  return new DOMParser().parseFromString(quiet, 'text/html').body
}

/** Some programs write addresses in angle brackets as if they were tags. */
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

/** The formats of what is inside, where a style that says otherwise wins over the tag. */
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

const silent =
  /^(SCRIPT|STYLE|TITLE|HEAD|META|METADATA|DESC|LINK|TEMPLATE|NOSCRIPT|IFRAME|OBJECT|SELECT|VIDEO|AUDIO|CANVAS)$/i

/** Nothing that one saw when one copied it. */
export const isUnseen = (element: Element, style: Style): boolean =>
  silent.test(element.tagName) ||
  element.hasAttribute('hidden') ||
  style('display') === 'none' ||
  style('visibility') === 'hidden' ||
  style('mso-hide') === 'all' ||
  // The sign before an item of Word's.
  style('mso-list') === 'ignore' ||
  // Chrome ends a copied paragraph with it.
  element.classList.contains('Apple-interchange-newline')

const monospace = /mono|courier|consolas|menlo|monaco|source code|fira code|cascadia/

/** A piece of code, as editors and terminals copy it, that is longer than a line. */
export const isCode = (element: Element, style: Style): boolean =>
  element.tagName === 'PRE' ||
  (/^pre/.test(style('white-space')) && monospace.test(style('font-family')) && hasLines(element))

const hasLines = (element: Element) =>
  element.textContent.trim().includes('\n') || element.querySelectorAll('div, p, br').length > 1
