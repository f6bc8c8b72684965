import './clipboard.ts'
import Quill, { Delta } from 'quill/core.js'
import { enterHint } from '../keys.ts'
import type { Draft } from './drafts.ts'
import { formats } from './formats.ts'
import type { Input, InputEvents } from './input.ts'
import { bindings } from './keyboard.ts'
import { textOf, toLines, toOps } from './lines.ts'
import { Memory } from './memory.ts'
import { read } from './read.ts'

export interface RichInput extends Input {
  readonly quill: Quill
}

let lastBlockId = 0

/** Quill, limited to the formats of messages; its HTML is read and written by us. */
export function richInput(holder: HTMLElement, label: string, { changed, submit }: InputEvents): RichInput {
  const quill = new Quill(holder, {
    formats,
    placeholder: label,
    modules: { uploader: { mimetypes: [] }, keyboard: { bindings: bindings(submit) } },
  })
  const { root } = quill
  root.role = 'textbox'
  root.ariaMultiLine = 'true'
  root.ariaLabel = label
  root.enterKeyHint = enterHint()
  const memory = new Memory()
  const lines = () => toLines(quill.getContents().ops)
  let cached: Draft | undefined
  // The last cursor position, for inserting while the focus is elsewhere.
  let range = { index: 0, length: 0 }
  quill.on('editor-change', () => {
    range = quill.getSelection() ?? range
  })
  quill.on('text-change', (_now, _before, source) => {
    cached = undefined
    if (source !== 'api') changed()
  })
  const set = (html: string) => {
    const pieces = new Map<string, string>()
    const loaded = read(html).flatMap((section) => {
      const of = String(++lastBlockId)
      pieces.set(of, section.html)
      return section.lines.map(({ runs, formats }) => ({ runs, formats: { ...formats, of } }))
    })
    quill.setContents(new Delta(loaded.length ? toOps(loaded) : [{ insert: '\n' }]), 'api')
    quill.history.clear()
    memory.remember(html, lines(), pieces)
    cached = undefined
  }
  return {
    quill,
    element: root,
    get: () => {
      cached ??= { text: textOf(lines()), html: memory.write(lines()) }
      return cached
    },
    set: ({ html }) => {
      const selection = quill.hasFocus() && quill.getSelection()
      const fromEnd = selection && quill.getLength() - selection.index
      set(html)
      if (fromEnd) quill.setSelection(Math.max(0, quill.getLength() - fromEnd), 'silent')
    },
    insert: (text) => {
      const { index, length } = range
      if (length) quill.deleteText(index, length, 'user')
      quill.insertText(index, text, 'user')
      quill.setSelection(index + text.length, 'silent')
    },
    focus: () => {
      quill.focus({ preventScroll: true })
      quill.setSelection(quill.getLength(), 'silent')
    },
  }
}
