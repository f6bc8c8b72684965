/** An encoded value that names its charset: `filename*=UTF-8''za%C5%BC%C3%B3%C5%82%C4%87.pdf`. RFC 8187, 3.2 */
const encoded = /;\s*filename\*\s*=\s*([\w!#$&+^`{}~-]+)'[^']*'((?:%[\da-f]{2}|[\w!#$&+.^`|~-])*)\s*(?:;|$)/i
/** How browsers escape quotes and line breaks. HTML standard, "multipart/form-data encoding algorithm" */
const escapes: Record<string, string> = { '%22': '"', '%0D': '\r', '%0A': '\n' }

/** The `filename*` of a part's Content-Disposition; quoted text is not a parameter. */
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
 * A name as the sender's system shows it. Browsers do not escape `%`, so a literal `%22` looks like an escaped quote; but
 * quotes occur in names, and `%22` hardly ever does.
 */
export const plainName = (name: string): string => name.replace(/%(?:22|0D|0A)/g, (sign) => escapes[sign]!)
