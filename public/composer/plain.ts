import { escapeHtml } from '../render.ts'
import type { Input, InputEvents } from './input.ts'

/** The text field that arrives with the page; it serves until Quill is there. */
export function plainInput(field: HTMLTextAreaElement, events: InputEvents, signal: AbortSignal): Input {
  const grow = () => {
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight}px`
  }
  field.addEventListener(
    'input',
    () => {
      grow()
      events.changed()
    },
    { signal },
  )
  field.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      events.submit()
    },
    { signal },
  )
  return {
    element: field,
    get: () => ({ text: field.value, html: paragraphs(field.value) }),
    set: ({ text }) => {
      field.value = text
      grow()
    },
    insert: (text) => {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end')
      grow()
      events.changed()
    },
    focus: () => field.focus({ preventScroll: true }),
  }
}

function paragraphs(text: string): string {
  const lines = text.trim().split(/\r?\n/)
  return lines.map((line) => `<p>${escapeHtml(line) || '<br>'}</p>`).join('')
}
