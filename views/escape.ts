const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const entityOf = (sign: string) => entities[sign]!

/** For text between tags. */
export const escapeText = (text: string) => text.replace(/[&<>]/g, entityOf)

/** For double-quoted attributes. */
export const escapeAttribute = (text: string) => text.replace(/[&<>"]/g, entityOf)

/** For text and for attributes in quotes of either kind, as Eta escapes the values of templates. */
export const escapeHtml = (value: unknown) => String(value).replace(/[&<>"']/g, entityOf)

/** Decodes the entities that occur in sanitized HTML and in the editor's. */
export function unescapeText(source: string): string {
  if (!source.includes('&')) return source
  const text = source.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&nbsp;', '\u00a0')
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}
