import { createReadStream } from 'node:fs'
import type { Kind } from './kind.ts'
import { extensionOf } from './names.ts'
import { decoderOf } from './text-encoding.ts'

interface TextKind extends Kind {
  /** What it must begin with. */
  begins?: RegExp
  /** What it must not contain. */
  lacks?: RegExp
}

/** XML with this root, and nothing in it that a browser would render or run. */
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
  // Tracks of walks and rides, from phones and watches.
  { mime: 'application/gpx+xml', extensions: ['gpx'], ...xml('gpx') },
  { mime: 'application/vnd.google-earth.kml+xml', extensions: ['kml'], ...xml('kml') },
]

/**
 * Binary data bytes, as in the standard for browsers (https://mimesniff.spec.whatwg.org, 3), except for the vertical
 * tab, which is Word's line break, and DEL, which old keyboards left behind.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is searched for
const binary = /[\0-\x08\x0e-\x1a\x1c-\x1f]/
/** The end of a DOS text, which some editors still write. */
const endOfDos = '\x1a'
/** A page, drawing or script by its beginning, as browsers, shells and servers detect them. */
const beginsAsProgram =
  /^\s*(?:<(?:!doctype|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|img|svg|meta|base|frameset)[\s>/]|<!--|<\?|<%|#!|@echo\b)/i
/** Markdown may begin with an HTML element for layout. */
const beginsAsPage =
  /^\s*(?:<(?:!doctype|html|head|script|iframe|body|svg|frameset)[\s>/]|<\?|<%|#!|@echo\b)/i
/** A whole page, drawing or script within a text. One in backticks, such as `<?php`, is only quoted. */
const holdsProgram =
  /(?<!`\w{0,9}\s{0,4})<(?:!doctype\s{1,9}html[^<>]{0,150}>\s{0,9}<|(?:svg|html)\s[^<>]{0,200}xmlns|\?(?:php|xml-stylesheet)\s|!entity\s)/i
/** How much of the text before is kept, for a match may begin in it. */
const maxMark = 256

export const isTextName = (name: string): boolean => kindByName(extensionOf(name)) !== undefined

const kindByName = (extension: string) => kinds.find(({ extensions }) => extensions.includes(extension))

/**
 * Plain text by its content: no binary, page or script, though it may be about them. A name that claims another type is
 * refused; one without an extension is text.
 */
export async function plainTextKind(path: string, name: string): Promise<Kind | undefined> {
  const extension = extensionOf(name)
  const kind = extension ? kindByName(extension) : kinds[0]
  return kind && (await isPlainText(path, kind, extension)) ? kind : undefined
}

/** Read in chunks, so that 25 MB of text do not block other requests. */
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
