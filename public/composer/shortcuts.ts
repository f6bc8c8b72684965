import { isComposing } from '../keys.ts'
import type { Content } from './content.ts'

interface Shortcuts {
  /** Escape, during a reply or an edit. */
  cancel(): void
  /** ArrowUp in an empty composer. */
  editLast(): void
}

/** Shortcuts of the whole composer, handled before the field gets the key. */
export function listenToKeys(form: HTMLElement, content: Content, { cancel, editLast }: Shortcuts): void {
  const actionFor = (event: KeyboardEvent) => {
    if (isComposing(event)) return undefined
    if (event.key === 'Escape' && isCancel(form, content)) return cancel
    return event.key === 'ArrowUp' && isEditLast(event, content) ? editLast : undefined
  }
  const onKeydown = (event: KeyboardEvent) => {
    const action = actionFor(event)
    if (!action) return
    event.preventDefault()
    if (action === cancel) event.stopPropagation()
    action()
  }
  form.addEventListener('keydown', onKeydown, { capture: true })
}

const isCancel = (form: HTMLElement, { context, editing }: Content): boolean =>
  Boolean(context.reply || editing) && !form.querySelector('.format-bar__link:focus-within')

function isEditLast(event: KeyboardEvent, { editing, field, tray }: Content): boolean {
  const { target, shiftKey, altKey, ctrlKey, metaKey } = event
  if (editing || shiftKey || altKey || ctrlKey || metaKey || !field.holds(target)) return false
  return !field.get().text.trim() && !tray.hasFiles
}
