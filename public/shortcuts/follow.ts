import { type Shortcut, shortcutOf } from './shortcut.ts'

/** Tells what is asked for by keyboard, unless something lies over the page. */
export function followShortcuts(act: (shortcut: Shortcut) => void): void {
  addEventListener('keydown', (event) => {
    const shortcut = event.defaultPrevented ? undefined : shortcutOf(event)
    if (!shortcut || document.querySelector('dialog:modal, .overlay, :popover-open')) return
    event.preventDefault()
    act(shortcut)
  })
}
