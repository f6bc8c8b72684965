const longPressMs = 450
const maxMovePx = 10

/** Swallows the click that follows. @param pressed returns whether it handled the press */
export function onLongPress(
  area: HTMLElement,
  pressed: (target: Element) => boolean,
  signal?: AbortSignal,
): void {
  let timer = 0
  let start: PointerEvent | undefined
  let done = false
  const options = signal ? { signal } : {}

  const stop = () => clearTimeout(timer)
  area.addEventListener(
    'pointerdown',
    (event) => {
      stop()
      done = false
      if (event.pointerType !== 'touch' || !event.isPrimary) return
      start = event
      timer = setTimeout(() => {
        done = pressed(event.target as Element)
      }, longPressMs)
    },
    options,
  )
  area.addEventListener(
    'pointermove',
    (event) => {
      if (start && Math.hypot(event.x - start.x, event.y - start.y) > maxMovePx) stop()
    },
    { ...options, passive: true },
  )
  for (const name of ['pointerup', 'pointercancel']) area.addEventListener(name, stop, options)
  area.addEventListener('scroll', stop, { ...options, passive: true })
  area.addEventListener(
    'click',
    (event) => {
      if (!done) return
      done = false
      event.preventDefault()
      event.stopPropagation()
    },
    { ...options, capture: true },
  )
}
