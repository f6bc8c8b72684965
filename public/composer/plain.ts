import { paragraphs } from '../../views/messages/paragraphs.ts'
import { enterHint, isSending } from '../keys.ts'
import { type Draft, emptyDraft } from './drafts.ts'
import type { Input, InputEvents } from './input.ts'

/** The text field that arrives with the page, used until Quill has loaded. */
export function plainInput(field: HTMLTextAreaElement, events: InputEvents, signal: AbortSignal): Input {
  let shown: Draft = emptyDraft
  field.enterKeyHint = enterHint()
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
      if (!isSending(event)) return
      event.preventDefault()
      events.submit()
    },
    { signal },
  )
  return {
    element: field,
    // Untouched text keeps the formats that a plain field cannot show.
    get: () =>
      field.value === linesOf(shown) ? shown : { text: field.value, html: paragraphs(field.value) },
    set: ({ html, text }) => {
      shown = { html, text }
      const fromEnd = field.value.length - field.selectionEnd
      field.value = text
      field.selectionEnd = field.selectionStart = Math.max(0, field.value.length - fromEnd)
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

const linesOf = ({ text }: Draft) => text.replace(/\r\n?/g, '\n')
