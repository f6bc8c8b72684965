import { escapeText, unescapeText } from '../../views/escape.ts'

/** How those who may be mentioned are called, by their id. */
export type Names = ReadonlyMap<number, string>
export const noNames: Names = new Map()

/** Longer than any name; whatever else a span holds is what somebody wrote, and is kept. */
const maxCharacters = 300

const id = /^[1-9]\d{0,14}$/

/** Whether a span with these attributes says that it is a mention. */
export const isMention = (className = '', userId = ''): boolean =>
  className.split(/\s+/).includes('mention') && id.test(userId)

export const mentionStart = (userId: number | string) => `<span class="mention" data-user-id="${userId}">`

const span = /<span([^>]*)>(.*?)<\/span>/gs
const exact = /^ class="mention" data-user-id="(\d+)"$/

/**
 * Writes the names of those mentioned, whatever the sender called them; a mention of anybody else becomes its text, and so
 * does a span that is none. The HTML has to be sanitized: there no span holds another one.
 */
export function withNames(html: string, names: Names): string {
  if (!html.includes('<span')) return html
  return html.replace(span, (_, attributes: string, inside: string) => {
    const userId = Number(exact.exec(attributes)?.[1])
    const name = names.get(userId)
    return name !== undefined && isName(inside)
      ? `${mentionStart(userId)}@${escapeText(name)}</span>`
      : inside
  })
}

/** Without tags, such as those of a whole paragraph in a span that was never closed. */
function isName(inside: string): boolean {
  if (inside.includes('<')) return false
  // What Quill puts around what cannot be edited.
  const text = unescapeText(inside).replaceAll('\uFEFF', '')
  return text.startsWith('@') && text.length <= maxCharacters && !text.includes('\n')
}
