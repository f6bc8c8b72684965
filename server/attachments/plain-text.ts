import { createReadStream } from 'node:fs'
import type { Kind } from './kind.ts'
import { extensionOf } from './names.ts'
import { decoderOf } from './text-encoding.ts'

interface TextKind extends Kind {
  /** What it begins with, where it begins with something. */
  begins?: RegExp
  /** What it never holds. */
  lacks?: RegExp
}

/** What a browser knows from XML of other kinds is in none of a root of ours. */
const xml = (root: string) => ({
  begins: new RegExp(`^\\s*(?:<\\?xml [^>]*>\\s*)?<${root}[\\s>]`),
  lacks: /w3\.org\/(?:1999\/xhtml|1999\/xsl|2000\/svg)|<!doctype|<\?xml-stylesheet/i,
})

const kinds: TextKind[] = [
  {
    mime: 'text/plain',
    extensions: ['txt', 'text', 'log', 'md', 'markdown', 'srt', 'tex', 'bib', 'yml', 'yaml', 'asc'],
  },
  { mime: 'text/csv', extensions: ['csv'] },
  { mime: 'text/tab-separated-values', extensions: ['tsv', 'tab'] },
  { mime: 'application/json', extensions: ['json', 'geojson'], begins: /^\s*[[{"\d]/ },
  { mime: 'text/calendar', extensions: ['ics', 'ical', 'ifb'], begins: /^\s*BEGIN:VCALENDAR\s/i },
  { mime: 'text/vcard', extensions: ['vcf', 'vcard'], begins: /^\s*BEGIN:VCARD\s/i },
  { mime: 'text/vtt', extensions: ['vtt'], begins: /^WEBVTT\s/ },
  // Where one walked, rode or sailed, as a phone or a watch writes it.
  { mime: 'application/gpx+xml', extensions: ['gpx'], ...xml('gpx') },
  { mime: 'application/vnd.google-earth.kml+xml', extensions: ['kml'], ...xml('kml') },
]

/**
 * What no text holds, by the standard that tells browsers what is text (https://mimesniff.spec.whatwg.org, 3). A
 * vertical tab is how Word writes a break in a line, DEL what an old keyboard left.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\0-\x08\x0e-\x1a\x1c-\x1f]/
/** With it a text of DOS ends, and some editors still end theirs. */
const endOfDos = '\x1a'
/** A page, a drawing or a script by its first sign, as browsers, shells and servers tell them. */
const beginsAsProgram =
  /^\s*(?:<(?:!doctype|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|img|svg|meta|base|frameset)[\s>/]|<!--|<\?|<%|#!|@echo\b)/i
/** In Markdown one may begin with an element for its looks. */
const beginsAsPage =
  /^\s*(?:<(?:!doctype|html|head|script|iframe|body|svg|frameset)[\s>/]|<\?|<%|#!|@echo\b)/i
/** A whole page, drawing or script within a text. One that is quoted, as `<?php`, is what the text is about. */
const holdsProgram =
  /(?<!`\w{0,9}\s{0,4})<(?:!doctype\s{1,9}html[^<>]{0,150}>\s{0,9}<|(?:svg|html)\s[^<>]{0,200}xmlns|\?(?:php|xml-stylesheet)\s|!entity\s)/i
/** As much of what came before as a mark may begin in. */
const maxMark = 256

export const isTextName = (name: string): boolean => kindByName(extensionOf(name)) !== undefined

const kindByName = (extension: string) => kinds.find(({ extensions }) => extensions.includes(extension))

/**
 * Plain text by its content: no binary, no page, no script; text about pages and scripts is text. A name that claims
 * to be something else than text is not believed, but refused; with none it is text.
 */
export async function plainTextKind(path: string, name: string): Promise<Kind | undefined> {
  const extension = extensionOf(name)
  const kind = extension ? kindByName(extension) : kinds[0]
  return kind && (await isPlainText(path, kind, extension)) ? kind : undefined
}

/** Read piece by piece, so that 25 MB of text hold up nobody. */
async function isPlainText(path: string, { begins, lacks }: TextKind, extension: string): Promise<boolean> {
  const program = /^m(d|arkdown)$/.test(extension) ? beginsAsPage : beginsAsProgram
  let decoder: TextDecoder | undefined
  let before = ''
  let hasEnded = false
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const isFirst = decoder === undefined
    decoder ??= decoderOf(chunk)
    const piece = decoder.decode(chunk, { stream: true })
    if (isFirst && (begins ? !begins.test(piece) : program.test(piece))) return false
    const end: number = hasEnded ? 0 : piece.indexOf(endOfDos)
    hasEnded = end >= 0
    if (hasEnded && piece.slice(end).replaceAll(endOfDos, '').trim()) return false
    const text = before + (hasEnded ? piece.slice(0, end) : piece)
    if (binary.test(text) || holdsProgram.test(text) || lacks?.test(text)) return false
    before = text.slice(-maxMark)
  }
  return true
}
