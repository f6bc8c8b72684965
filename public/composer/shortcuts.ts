import { isComposing } from '../keys.ts'
import type { Content } from './content.ts'

interface Shortcuts {
  /** Escape, while a message is answered or changed. */
  cancel(): void
  /** ArrowUp in an empty composer. */
  editLast(): void
}

/** The keys that mean something in all of the composer, before the field hears them. */
export function listenToKeys(form: HTMLElement, content: Content, { cancel, editLast }: Shortcuts): void {
  const act = (event: KeyboardEvent) => {
    if (isComposing(event)) return undefined
    if (event.key === 'Escape' && isCancel(form, content)) return cancel
    return event.key === 'ArrowUp' && isForLast(event, content) ? editLast : undefined
  }
  const hear = (event: KeyboardEvent) => {
    const meant = act(event)
    if (!meant) return
    event.preventDefault()
    if (meant === cancel) event.stopPropagation()
    meant()
  }
  form.addEventListener('keydown', hear, { capture: true })
}

const isCancel = (form: HTMLElement, { context, editing }: Content): boolean =>
  Boolean(context.reply || editing) && !form.querySelector('.format-bar__link:focus-within')

function isForLast(event: KeyboardEvent, { editing, field, tray }: Content): boolean {
  const { target, shiftKey, altKey, ctrlKey, metaKey } = event
  if (editing || shiftKey || altKey || ctrlKey || metaKey || !field.holds(target)) return false
  return !field.get().text.trim() && !tray.any
}
