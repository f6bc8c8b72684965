/**
 * Whether a key belongs to an input method that is at work. Safari and some input methods send the key that ends
 * their work with `isComposing` already false; its code is 229 then.
 */
export const isComposing = ({ isComposing, keyCode }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229

/** An Enter that is meant for the page: every field that acts on Enter asks here. */
export const isEnter = (event: KeyboardEvent): boolean => event.key === 'Enter' && !isComposing(event)

/** On a touch screen Enter only breaks the line, for there is no Shift to break it with; the button sends. */
export const enterSends = (): boolean => !matchMedia('(pointer: coarse)').matches

/** The word for Enter on a screen keyboard. */
export const enterHint = () => (enterSends() ? 'send' : 'enter')
