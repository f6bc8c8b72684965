import type { Line } from './lines.ts'
import { inlineHtml } from './markup.ts'

type Kind = 'quote' | 'list' | 'code' | 'plain'

/** The kind of top-level block that a line belongs to. */
export const kindOf = (line: Line): Kind => kindIn(line, 0)

/** As the HTML of a message. */
export const write = (lines: Line[]): string => blocks(lines, 0)

function kindIn({ formats }: Line, depth: number): Kind {
  if (Number(formats.blockquote ?? 0) > depth) return 'quote'
  if (formats.list) return 'list'
  return formats['code-block'] ? 'code' : 'plain'
}

function blocks(lines: Line[], depth: number): string {
  return runs(lines, (line) => kindIn(line, depth))
    .map(([kind, those]) => writers[kind](those, depth))
    .join('')
}

const writers: Record<Kind, (lines: Line[], depth: number) => string> = {
  plain: (lines) =>
    paragraphs(lines)
      .map((those) => `<p>${text(those)}</p>`)
      .join(''),
  quote: (lines, depth) => `<blockquote>${quoted(lines, depth + 1)}</blockquote>`,
  list: (lines) => list(lines, 0),
  code: (lines) => `<pre>${code(lines)}</pre>`,
}

function quoted(lines: Line[], depth: number): string {
  const one = paragraphs(lines).length === 1 && lines.every((line) => kindIn(line, depth) === 'plain')
  return one ? text(lines) : blocks(lines, depth)
}

const paragraphs = (lines: Line[]) => cut(lines, (_, line) => Boolean(line.formats.joined))

/** As in browsers, a trailing `<br>` only ends the line before it. */
const text = (lines: Line[]) =>
  lines.map((line) => inlineHtml(line.runs)).join('<br>') + (lines.at(-1)?.runs.length ? '' : '<br>')

function code(lines: Line[]): string {
  const html = lines.map((line) => inlineHtml(line.runs)).join('\n')
  // Parsers drop the first line break, and the last one only ends its line.
  return `${html.startsWith('\n') || html === '' ? '\n' : ''}${html}${lines.at(-1)?.runs.length ? '' : '\n'}`
}

const levelOf = ({ formats }: Line) => Number(formats.indent ?? 0)

/** The items of this level, each with the deeper ones inside it. */
function list(lines: Line[], level: number): string {
  const items = cut(lines, (_, line) => levelOf(line) > level || Boolean(line.formats.joined))
  return runs(items, ([first]) => String(first!.formats.list))
    .map(([kind, those]) => {
      const tag = kind === 'ordered' ? 'ol' : 'ul'
      return `<${tag}>${those.map((lines) => item(lines, level)).join('')}</${tag}>`
    })
    .join('')
}

function item(lines: Line[], level: number): string {
  // A deeper item with no item above it is not inside one.
  if (levelOf(lines[0]!) > level) return list(lines, level + 1)
  const parts = runs(lines, (line) => levelOf(line) > level)
  const [own, ...more] = parts.map(([deeper, those]) => (deeper ? list(those, level + 1) : text(those)))
  return `<li>${own === '<br>' ? '' : own}${more.join('')}</li>`
}

/** Groups neighbours by what they have in common. */
function runs<Each, Common>(all: Each[], common: (each: Each) => Common): [Common, Each[]][] {
  return cut(all, (before, each) => common(before) === common(each)).map((those) => [
    common(those[0]!),
    those,
  ])
}

/** Splits wherever an entry does not belong to the one before. */
export function cut<Each>(all: Each[], belongs: (before: Each, each: Each) => boolean): Each[][] {
  const pieces: Each[][] = []
  for (const [index, each] of all.entries()) {
    if (index && belongs(all[index - 1]!, each)) pieces.at(-1)!.push(each)
    else pieces.push([each])
  }
  return pieces
}
