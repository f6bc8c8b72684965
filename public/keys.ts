/**
 * Whether an input method is composing. Safari and some input methods send the key that ends the composition with
 * `isComposing` already false; its code is 229 then.
 */
export const isComposing = ({ isComposing, keyCode }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229

/** Enter, unless it belongs to an input method: to be used by every field that acts on Enter. */
export const isEnter = (event: KeyboardEvent): boolean => event.key === 'Enter' && !isComposing(event)

/** On a touch screen Enter breaks the line, because there is no Shift+Enter; the button sends. Elsewhere members choose. */
export const enterSends = (): boolean =>
  !document.documentElement.hasAttribute('data-enter-breaks') && !matchMedia('(pointer: coarse)').matches

/** Whether this key sends: Ctrl+Enter always does. */
export const isSending = (event: KeyboardEvent): boolean =>
  isEnter(event) && !event.shiftKey && (event.ctrlKey || event.metaKey || enterSends())

/** The label of Enter on a screen keyboard. */
export const enterHint = () => (enterSends() ? 'send' : 'enter')
