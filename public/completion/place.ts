import type Quill from 'quill/core.js'
import { element } from '../page.ts'

const marginPx = 8
/** To the line, which the field's own padding is above, too. */
const gapPx = 16

/** Puts the list above the line of that sign, beginning there if there is room, and below the head of the conversation. */
export function place(list: HTMLElement, form: HTMLElement, quill: Quill, index: number): void {
  const around = form.getBoundingClientRect()
  const editor = quill.container.getBoundingClientRect()
  const sign = quill.getBounds(index)
  if (!sign) return
  // Of a text that is scrolled, the line may be out of sight.
  const top = Math.max(editor.top, editor.top + sign.top)
  const left = editor.left + sign.left - around.left
  const most = around.width - list.offsetWidth - marginPx
  list.style.left = `${Math.max(marginPx, Math.min(left, most))}px`
  list.style.bottom = `${around.bottom - top + gapPx}px`
  const head = element('log-area').getBoundingClientRect().top
  list.style.maxHeight = `${Math.max(0, top - head - marginPx - gapPx)}px`
}
