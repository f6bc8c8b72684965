import { escapeAttribute, escapeText } from '../../views/escape.ts'
import type { Formats, Run } from './lines.ts'

/** Inline formats and their tags; of two that extend equally far the first is the outer one. */
const tags: Record<string, string> = {
  code: 'code',
  bold: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  link: 'a',
}

/** The format that extends furthest is the outermost tag, so that a link with a bold word stays one link. */
export function inlineHtml(runs: Run[]): string {
  let html = ''
  for (let index = 0; index < runs.length; ) {
    const run = runs[index]!
    const { name, length } = widest(runs, index)
    html += name ? within(name, run.attributes?.[name], runs.slice(index, index + length)) : bare(run)
    index += length
  }
  return html
}

function widest(runs: Run[], from: number): { name?: string; length: number } {
  let found: { name?: string; length: number } = { length: 0 }
  for (const name in tags) {
    const value = runs[from]!.attributes?.[name]
    if (!value) continue
    const end = runs.findIndex((run, index) => index > from && run.attributes?.[name] !== value)
    const length = (end < 0 ? runs.length : end) - from
    if (length > found.length) found = { name, length }
  }
  return found.name ? found : { length: 1 }
}

function within(name: string, value: unknown, runs: Run[]): string {
  const inner = inlineHtml(
    runs.map(({ insert, attributes }) => ({ insert, attributes: without(name, attributes) })),
  )
  const target =
    name === 'link' ? ` href="${escapeAttribute(String(value))}" rel="noopener noreferrer nofollow"` : ''
  return `<${tags[name]}${target}>${inner}</${tags[name]}>`
}

function without(name: string, attributes: Formats = {}): Formats {
  const { [name]: _, ...rest } = attributes
  return rest
}

function bare({ insert }: Run): string {
  if (typeof insert === 'string') return escapeText(insert)
  const { text, id } = insert.mention
  const whose = id === undefined ? '' : ` data-user-id="${escapeAttribute(id)}"`
  return `<span class="mention"${whose}>${escapeText(text)}</span>`
}
