const activeMs = 60_000

let lastActiveAt = Date.now()
let isHere = true
const returnCallbacks = new Set<() => void>()

/** Whether there was input within the last minute. */
export const isRecentlyActive = (): boolean => Date.now() - lastActiveAt < activeMs

/** Whether the reader is looking at this page, so that what it shows counts as seen. */
export function isAttended(): boolean {
  const is = !document.hidden && document.hasFocus() && isRecentlyActive()
  isHere &&= is
  return is
}

/** Calls back when the reader returns to this page. */
export function onReturn(callback: () => void, signal?: AbortSignal): void {
  returnCallbacks.add(callback)
  signal?.addEventListener('abort', () => returnCallbacks.delete(callback))
}

function onActivity(): void {
  isAttended()
  lastActiveAt = Date.now()
  if (isHere || !isAttended()) return
  isHere = true
  for (const callback of returnCallbacks) callback()
}

for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'focus'])
  addEventListener(name, onActivity, { passive: true, capture: true })
addEventListener('blur', isAttended)
document.addEventListener('visibilitychange', () => (document.hidden ? isAttended() : onActivity()))
