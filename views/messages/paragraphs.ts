import { escapeText } from '../escape.ts'

/** Plain text as HTML: a paragraph for each line, whatever signs it holds. */
export function paragraphs(text: string): string {
  if (!text) return ''
  const lines = text.split(/\r?\n/)
  return lines.map((line) => `<p>${escapeText(line) || '<br>'}</p>`).join('')
}
