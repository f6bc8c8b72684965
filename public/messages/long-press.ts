const LONG = 450
const STILL = 10

/** Calls back when a finger rests on something. The click and the browser's own menu that follow are swallowed. */
export function onLongPress(
  area: HTMLElement,
  pressed: (target: Element) => boolean,
  signal: AbortSignal,
): void {
  let timer = 0
  let start: PointerEvent | undefined
  let done = false

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
      }, LONG)
    },
    { signal },
  )
  area.addEventListener(
    'pointermove',
    (event) => {
      if (start && Math.hypot(event.x - start.x, event.y - start.y) > STILL) stop()
    },
    { signal, passive: true },
  )
  for (const name of ['pointerup', 'pointercancel']) area.addEventListener(name, stop, { signal })
  area.addEventListener('scroll', stop, { signal, passive: true })
  area.addEventListener(
    'click',
    (event) => {
      if (!done) return
      done = false
      event.preventDefault()
      event.stopPropagation()
    },
    { signal, capture: true },
  )
}
