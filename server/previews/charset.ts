/// <reference path="./html-encoding-sniffer.d.ts" />
import { MIMEType } from 'node:util'
import sniff from 'html-encoding-sniffer'

/**
 * The standard wants 1,024 bytes, but browsers also follow a `meta` that they meet later, while parsing; it stands in the
 * head all the same.
 */
const maxPrescanBytes = 64 * 1024

/**
 * A page as text, as browsers decide: by its byte order mark, else by its content type, else by what it says of itself,
 * else by how it looks.
 *
 * @param body may be cut off anywhere
 */
export function decodePage(body: Uint8Array, contentType: string): string {
  const { essence, charset } = parseType(contentType)
  const encoding =
    sniff(body, {
      transportLayerEncodingLabel: charset,
      defaultEncoding: null,
      ...(essence === 'application/xhtml+xml' ? { xml: true } : { maxPrescanBytes }),
    }) ?? guess(body)
  // A page that is declared so for its bytes to be left alone; no word of it can be read.
  return encoding === 'replacement' ? '' : new TextDecoder(encoding).decode(body, { stream: true })
}

function parseType(contentType: string): { essence: string; charset: string | undefined } {
  try {
    const { essence, params } = new MIMEType(contentType)
    return { essence, charset: params.get('charset') ?? undefined }
  } catch {
    return { essence: '', charset: undefined }
  }
}

/** Of old Polish pages: the signs that only Windows has stand where ISO 8859-2 has none. */
function guess(body: Uint8Array): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: true })
    return 'utf-8'
  } catch {
    return body.some((byte) => byte >= 0x80 && byte < 0xa0) ? 'windows-1250' : 'iso-8859-2'
  }
}
