import { isComposing } from '../keys.ts'
import { questionMarkHelps } from './question-mark.ts'

export type Shortcut = 'help' | 'new' | 'previous' | 'next' | 'previous_unread' | 'next_unread'

/** There Option with an arrow moves the caret. */
export const isMac = /Mac|iP/.test(navigator.platform)

/**
 * What a key asks for, wherever the focus is. Only `?` is a sign, and is none while somebody types; Ctrl+Alt would be AltGr,
 * with which Polish letters are typed.
 */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  const { key, code, altKey, shiftKey, ctrlKey, metaKey } = event
  if (key === '/' && (ctrlKey || metaKey) && !altKey) return 'help'
  if (ctrlKey || metaKey || isComposing(event) || event.getModifierState('AltGraph')) return undefined
  const field = (event.target as Element).closest<HTMLElement>('input, textarea, select, [contenteditable]')
  if (key === '?' && !altKey && !field) return questionMarkHelps() ? 'help' : undefined
  if (!altKey) return undefined
  if (shiftKey && (/^n$/i.test(key) || (code === 'KeyN' && !field))) return 'new'
  const direction = ({ ArrowUp: 'previous', ArrowDown: 'next' } as const)[key]
  if (!direction || isTaken(field)) return undefined
  return shiftKey ? `${direction}_unread` : direction
}

/** Whether the field does something of its own with Alt and an arrow. */
function isTaken(field: HTMLElement | null): boolean {
  if (!field) return false
  if (field.matches('select, [type="date"], [type="datetime-local"]')) return true
  return isMac && ((field as HTMLInputElement).value ?? field.textContent).trim() !== ''
}
