import { Parser } from 'htmlparser2'
import { config } from '../config.ts'
import { holdsSecret } from './secrets.ts'

const mostCharacters = 2048
const anyUrl = /https?:\/\//i
const plainUrl = /(?<![\p{L}\p{N}_@])https?:\/\/[^\s<>"'`“”„«»\u00a0]+/iu
const code = new Set(['code', 'pre'])

/**
 * The address that a message's preview is of: the first one in it, in a link or in plain text, but not in code. None
 * when that one leads to ourselves or looks like a secret: no later one takes its place.
 *
 * @param html as it is stored
 */
export function linkToPreview(html: string | null): string | undefined {
  if (!html || !anyUrl.test(html)) return undefined
  const url = URL.parse(firstAddress(html) ?? '')
  if (!url || url.href.length > mostCharacters) return undefined
  return isInternal(url) || holdsSecret(url) ? undefined : url.href
}

const bare = (hostname: string) => hostname.replace(/\.$/, '')

const isInternal = (url: URL) => bare(url.hostname) === bare(new URL(config.baseUrl).hostname)

function firstAddress(html: string): string | undefined {
  let first: string | undefined
  let inCode = 0
  let text = ''
  // Text comes in pieces, cut at each entity.
  const endText = () => {
    first ??= inPlainText(text)
    text = ''
  }
  const parser = new Parser({
    onopentag(name, { href = '' }) {
      endText()
      if (code.has(name)) inCode++
      if (!inCode && name === 'a' && anyUrl.test(href.slice(0, 8))) first ??= href
    },
    ontext(piece) {
      if (!inCode) text += piece
    },
    onclosetag(name) {
      endText()
      if (code.has(name)) inCode--
    },
  })
  parser.end(html)
  endText()
  return first
}

/** Without the punctuation of the sentence that it ends, or the bracket that it stands in. */
function inPlainText(text: string): string | undefined {
  let address = plainUrl.exec(text)?.[0]
  if (!address || address.length > mostCharacters) return undefined
  for (let before = ''; before !== address; ) {
    before = address
    address = address.replace(/[.,;:!?…*_~]$/u, '')
    for (const [open, close] of ['()', '[]', '{}'])
      if (address.endsWith(close!) && count(address, close!) > count(address, open!))
        address = address.slice(0, -1)
  }
  return address
}

const count = (text: string, sign: string) => text.split(sign).length - 1
