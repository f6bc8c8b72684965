import { pushLayer } from './back.ts'
import { isComposing } from './keys.ts'
import { element } from './page.ts'

export interface Overlay {
  /** @param keepFocus when the focus has moved on already */
  close(keepFocus?: boolean): void
}

const marginPx = 8

/**
 * Shows content beside what it belongs to, on a phone at the bottom. A click elsewhere, Escape or Back closes it, and
 * the focus returns.
 */
export function overlay(content: HTMLElement, beside: Element | DOMRect, closed = () => {}): Overlay {
  const before = document.activeElement as HTMLElement | null
  const layer = document.createElement('div')
  layer.className = 'overlay'
  layer.popover = 'manual'
  layer.append(content)
  // Outside a modal dialog nothing can be reached.
  const dialog = [...document.querySelectorAll('dialog:modal')].at(-1)
  ;(dialog ?? element('app')).append(layer)
  layer.showPopover()
  const popLayer = pushLayer(
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
    popLayer()
    const focused = layer.contains(document.activeElement)
    layer.remove()
    opener?.setAttribute('aria-expanded', 'false')
    if (focused && !keepFocus) before?.focus({ preventScroll: true })
    closed()
  }

  const reposition = () => place(content, beside instanceof Element ? beside.getBoundingClientRect() : beside)
  reposition()
  let touched = false
  layer.addEventListener(
    'pointerdown',
    ({ target }) => {
      touched = true
      if (target === layer) close()
    },
    { signal },
  )
  // The finger whose long press opened this is released over it now; a click by keyboard has no detail.
  const swallow = (event: MouseEvent) => !touched && event.detail > 0 && event.stopPropagation()
  layer.addEventListener('click', swallow, { signal, capture: true })
  layer.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  layer.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || isComposing(event)) return
    event.stopPropagation()
    event.preventDefault()
    close()
  })
  // Also when a phone's keyboard comes up.
  addEventListener('resize', reposition, { signal })
  return { close }
}

/** Below the anchor, or above if there is no room, and inside the window. On a phone the style sheet overrides it. */
function place(content: HTMLElement, { left, right, top, bottom }: DOMRect): void {
  const { width, height } = content.getBoundingClientRect()
  const fits = bottom + height + marginPx <= innerHeight
  const y = fits ? bottom + 4 : Math.max(marginPx, top - height - 4)
  const x = (left + right) / 2 > innerWidth / 2 ? right - width : left
  content.style.top = `${Math.max(marginPx, Math.min(y, innerHeight - height - marginPx))}px`
  content.style.left = `${Math.max(marginPx, Math.min(x, innerWidth - width - marginPx))}px`
}
