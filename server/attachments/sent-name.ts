/** A value in an encoding that it names: `filename*=UTF-8''za%C5%BC%C3%B3%C5%82%C4%87.pdf`. RFC 8187, 3.2 */
const encoded = /;\s*filename\*\s*=\s*([\w!#$&+^`{}~-]+)'[^']*'((?:%[\da-f]{2}|[\w!#$&+.^`|~-])*)\s*(?:;|$)/i
/** What browsers put for a quote and for line breaks. HTML standard, "multipart/form-data encoding algorithm" */
const escapes: Record<string, string> = { '%22': '"', '%0D': '\r', '%0A': '\n' }

/** The name in a part's Content-Disposition that says which encoding it has; what is quoted is no parameter. */
export function encodedName(disposition: string): string | undefined {
  const [, encoding = '', value = ''] = encoded.exec(disposition.replace(/"[^"]*"/g, '""')) ?? []
  try {
    const bytes = value.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    return new TextDecoder(encoding, { fatal: true }).decode(Buffer.from(bytes, 'latin1')) || undefined
  } catch {
    return undefined
  }
}

/**
 * A name as the sender's system shows it. Browsers leave a `%` as it is, so that somebody's own `%22` looks the same
 * as their quote; but names have quotes, and hardly anybody's has that.
 */
export const plainName = (name: string): string => name.replace(/%(?:22|0D|0A)/g, (sign) => escapes[sign]!)
