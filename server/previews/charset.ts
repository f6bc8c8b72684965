/// <reference path="./html-encoding-sniffer.d.ts" />
import { MIMEType } from 'node:util'
import sniff from 'html-encoding-sniffer'

/**
 * The standard requires 1,024 bytes, but browsers also follow a `meta` that they meet later in the head.
 */
const maxPrescanBytes = 64 * 1024

/**
 * Decodes a page as browsers do: by its byte order mark, content type or `meta`, in this order, or else by its bytes.
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
  // Declared to keep its bytes as they are; no text can be read from it.
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

/** For old Polish pages: bytes that are letters in windows-1250, and controls in ISO 8859-2. */
function guess(body: Uint8Array): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: true })
    return 'utf-8'
  } catch {
    return body.some((byte) => byte >= 0x80 && byte < 0xa0) ? 'windows-1250' : 'iso-8859-2'
  }
}
