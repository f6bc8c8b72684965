import { lay } from './back.ts'
import { isComposing } from './keys.ts'
import { element } from './page.ts'

export interface Overlay {
  /** @param keepFocus for when the focus has a new place already */
  close(keepFocus?: boolean): void
}

const MARGIN = 8

/**
 * Lays something over the page: beside what it belongs to, on a phone at the bottom. A click elsewhere, Escape or
 * Back closes it, and the focus goes back to where it was.
 */
export function overlay(content: HTMLElement, beside: Element | DOMRect, closed = () => {}): Overlay {
  const before = document.activeElement as HTMLElement | null
  const layer = document.createElement('div')
  layer.className = 'overlay'
  layer.popover = 'manual'
  layer.append(content)
  // Beside a dialog nothing can be reached.
  const dialog = [...document.querySelectorAll('dialog:modal')].at(-1)
  ;(dialog ?? element('app')).append(layer)
  layer.showPopover()
  const left = lay(
    () => close(),
    () => layer.isConnected,
  )
  const opener = beside instanceof Element ? beside : null
  opener?.setAttribute('aria-expanded', 'true')
  const listening = new AbortController()
  const { signal } = listening

  function close(keepFocus = false): void {
    if (signal.aborted) return
    listening.abort()
    left()
    const focused = layer.contains(document.activeElement)
    layer.remove()
    opener?.setAttribute('aria-expanded', 'false')
    if (focused && !keepFocus) before?.focus({ preventScroll: true })
    closed()
  }

  const settle = () => place(content, beside instanceof Element ? beside.getBoundingClientRect() : beside)
  settle()
  let touched = false
  layer.addEventListener(
    'pointerdown',
    ({ target }) => {
      touched = true
      if (target === layer) close()
    },
    { signal },
  )
  // The finger whose long press opened this is lifted over it now; a click by keyboard has no detail.
  const swallow = (event: MouseEvent) => !touched && event.detail > 0 && event.stopPropagation()
  layer.addEventListener('click', swallow, { signal, capture: true })
  layer.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  layer.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || isComposing(event)) return
    event.stopPropagation()
    event.preventDefault()
    close()
  })
  // Also when a phone's keyboard comes up, for the search box of what lies here.
  addEventListener('resize', settle, { signal })
  return { close }
}

/** Below it, or above where there is no room; its sides inside the window. A phone's style sheet places it alone. */
function place(content: HTMLElement, { left, right, top, bottom }: DOMRect): void {
  const { width, height } = content.getBoundingClientRect()
  const fits = bottom + height + MARGIN <= innerHeight
  const y = fits ? bottom + 4 : Math.max(MARGIN, top - height - 4)
  const x = (left + right) / 2 > innerWidth / 2 ? right - width : left
  content.style.top = `${Math.max(MARGIN, Math.min(y, innerHeight - height - MARGIN))}px`
  content.style.left = `${Math.max(MARGIN, Math.min(x, innerWidth - width - MARGIN))}px`
}
