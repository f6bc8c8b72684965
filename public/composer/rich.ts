import Quill from 'quill/core.js'
import Block from 'quill/formats/blockquote.js'
import Bold from 'quill/formats/bold.js'
import CodeBlock, { Code } from 'quill/formats/code.js'
import Italic from 'quill/formats/italic.js'
import Link from 'quill/formats/link.js'
import List from 'quill/formats/list.js'
import Strike from 'quill/formats/strike.js'
import Underline from 'quill/formats/underline.js'
import Clipboard from 'quill/modules/clipboard.js'
import { messageHtml, withoutStyles } from './html.ts'
import type { Input, InputEvents } from './input.ts'

class Paste extends Clipboard {
  override convert({ html, text }: { html?: string; text?: string }, formats?: Record<string, unknown>) {
    return super.convert({ ...(html && { html: withoutStyles(html) }), ...(text && { text }) }, formats)
  }
}

Quill.register('modules/clipboard', Paste, true)
Quill.register({
  'formats/blockquote': Block,
  'formats/bold': Bold,
  'formats/code': Code,
  'formats/code-block': CodeBlock,
  'formats/italic': Italic,
  'formats/link': Link,
  'formats/list': List,
  'formats/strike': Strike,
  'formats/underline': Underline,
})

const formats = ['blockquote', 'bold', 'code', 'code-block', 'italic', 'link', 'list', 'strike', 'underline']

export interface RichInput extends Input {
  readonly quill: Quill
}

/** Quill with the formats a message may have and nothing else; what is pasted loses the rest. */
export function richInput(holder: HTMLElement, label: string, { changed, submit }: InputEvents): RichInput {
  const quill = new Quill(holder, {
    formats,
    placeholder: label,
    modules: {
      uploader: { mimetypes: [] },
      keyboard: { bindings: { send: { key: 'Enter', handler: () => submit() } } },
    },
  })
  const { root } = quill
  root.role = 'textbox'
  root.ariaMultiLine = 'true'
  root.ariaLabel = label
  root.enterKeyHint = 'send'
  // Where the cursor was last, for what is put in while the focus is elsewhere.
  let range = { index: 0, length: 0 }
  quill.on('editor-change', () => {
    range = quill.getSelection() ?? range
  })
  quill.on('text-change', (_now, _before, source) => source !== 'api' && changed())
  return {
    quill,
    element: root,
    get: () => ({ text: quill.getText().trim(), html: messageHtml(quill.getSemanticHTML()) }),
    set: ({ html }) => {
      quill.setContents(quill.clipboard.convert({ html }), 'api')
      quill.history.clear()
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
