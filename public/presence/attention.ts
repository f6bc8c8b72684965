const activeMs = 60_000

let touched = Date.now()
let isHere = true
const returning = new Set<() => void>()

/** Whether this page was touched within the last minute. */
export const touchedLately = (): boolean => Date.now() - touched < activeMs

/** Whether somebody sits before this page: what it shows is seen, and not only on some screen. */
export function attended(): boolean {
  const is = !document.hidden && document.hasFocus() && touchedLately()
  isHere &&= is
  return is
}

/** Calls back whenever somebody comes back to this page. */
export function onReturn(story: () => void, signal?: AbortSignal): void {
  returning.add(story)
  signal?.addEventListener('abort', () => returning.delete(story))
}

function touch(): void {
  attended()
  touched = Date.now()
  if (isHere || !attended()) return
  isHere = true
  for (const story of returning) story()
}

for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'focus'])
  addEventListener(name, touch, { passive: true, capture: true })
addEventListener('blur', attended)
document.addEventListener('visibilitychange', () => (document.hidden ? attended() : touch()))
