import Quill, { Delta, type Range } from 'quill/core.js'
import Clipboard from 'quill/modules/clipboard.js'
import { blockFormats, type Formats, inlineFormats, type Line, textOf, toLines, toOps } from './lines.ts'
import { inlineHtml } from './markup.ts'
import { pasteLink } from './paste-link.ts'
import { readPasted } from './pasted.ts'
import { write } from './write.ts'

interface Pasted {
  html?: string | undefined
  text?: string | undefined
}

/** Pastes what other programs copied as lines of ours, and copies the way messages are written. */
class OwnClipboard extends Clipboard {
  override onPaste(range: Range, pasted: Pasted): void {
    const { quill } = this
    if (pasteLink(quill, range, pasted.text ?? '')) return
    const { index, length } = range
    const around = quill.getFormat(index)
    const lines = linesOf(pasted, around)
    const last = lines.at(-1)!
    const [line, offset] = quill.getLine(index)
    const [end, after] = quill.getLine(index + length)
    const rest = (end?.length() ?? 1) - 1 - after
    const begins =
      offset > 0 && line && isBlock(lines[0]!.formats) && kindOf(lines[0]!.formats) !== kindOf(around)
    // The paste continues the line it starts in, unless that would turn the words after it into a list or quote.
    const ends =
      rest > 0 && lines.length > 1 && isBlock(last.formats) && kindOf(last.formats) !== kindOf(around)
    const ops = toOps(lines).slice(0, ends ? undefined : -1)
    const put = new Delta(begins ? [{ insert: '\n', attributes: blockFormats(around) }, ...ops] : ops)
    const change = new Delta().retain(index).delete(length).concat(put)
    if (!ends && (begins || lines.length > 1 || isBlock(last.formats)))
      change.retain(rest).retain(1, only(last.formats))
    quill.updateContents(change, 'user')
    quill.setSelection(index + put.length(), 'silent')
    quill.scrollSelectionIntoView()
  }

  override onCopy({ index, length }: Range): { html: string; text: string } {
    const { ops } = this.quill.getContents(index, length)
    const last = this.quill.getLine(index + length)[0]?.formats() ?? {}
    const lines = toLines(ops, last).map(({ runs, formats: { of, ...formats } }) => ({ runs, formats }))
    const text = textOf(lines)
    const isPiece = lines.length === 1 && length <= text.length
    const html = isPiece ? inlineHtml(lines[0]!.runs) : write(lines)
    return { text, html: `<div style="white-space: pre-wrap">${html}</div>` }
  }
}

function linesOf({ html, text = '' }: Pasted, around: Formats): Line[] {
  const block = blockFormats(around)
  const lines = html && !around['code-block'] ? readPasted(html) : []
  if (!textOf(lines).trim())
    return toLines([
      { insert: text.replace(/\r\n?/g, '\n'), attributes: inlineFormats(around) },
      { insert: '\n' },
    ]).map(({ runs }) => ({ runs, formats: block }))
  return lines.map((line) =>
    isBlock(line.formats) ? line : { runs: line.runs, formats: { ...block, ...line.formats } },
  )
}

const kinds = ['blockquote', 'list', 'code-block']
const kindOf = (formats: Formats) => kinds.map((name) => formats[name]).join()
const isBlock = (formats: Formats) => kinds.some((name) => formats[name])
const none = { blockquote: null, list: null, indent: null, 'code-block': null, joined: null }
const only = (formats: Formats) => ({ ...none, ...formats })

Quill.register('modules/clipboard', OwnClipboard, true)
