import { createReadStream } from 'node:fs'
import type { Kind } from './kind.ts'
import { extensionOf } from './names.ts'

const kinds: Kind[] = [
  { mime: 'text/plain', extensions: ['txt', 'text', 'log', 'md'] },
  { mime: 'text/csv', extensions: ['csv'] },
]

/** What no text of a person holds; UTF-16 is read as such, and so has no NULs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\0-\x08\x0b\x0e-\x1f\x7f]/
/** Markup or a script by its first sign, whatever follows. */
const beginsAsProgram = /^\s*(?:<[a-z!?/%]|#!|@echo\b)/i
/** What a browser would make a page of, anywhere. */
const markup =
  /<(?:!doctype|!entity|\?xml|\?php|html|head|body|script|svg|math|iframe|frameset|object|embed|foreignobject|xsl|style|link|meta|base|template)(?=[\s>/:])/i
const longestMark = 32

/**
 * Plain text by its content: no binary, no markup, no script. A name that claims to be something else than text is
 * not believed, but refused; with none it is text.
 */
export async function plainTextKind(path: string, name: string): Promise<Kind | undefined> {
  const extension = extensionOf(name)
  const kind = extension ? kinds.find(({ extensions }) => extensions.includes(extension)) : kinds[0]
  return kind && (await isPlainText(path)) ? kind : undefined
}

/** Read piece by piece, so that 25 MB of text hold up nobody. */
async function isPlainText(path: string): Promise<boolean> {
  let decoder: TextDecoder | undefined
  let before = ''
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const isFirst = decoder === undefined
    decoder ??= decoderOf(chunk)
    const text = before + decoder.decode(chunk, { stream: true })
    if (binary.test(text) || markup.test(text) || (isFirst && beginsAsProgram.test(text))) return false
    before = text.slice(-longestMark)
  }
  return true
}

/** By its byte order mark; any other text is only looked at for signs that all the rest of encodings share. */
function decoderOf(start: Buffer): TextDecoder {
  const mark = start.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return new TextDecoder('utf-16le')
  if (mark === 'feff') return new TextDecoder('utf-16be')
  return new TextDecoder('utf-8')
}
