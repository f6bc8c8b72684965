/** Calls back when the page has nothing else to do. */
export function whenIdle(callback: () => void): void {
  // Safari lacks it.
  if ('requestIdleCallback' in window) requestIdleCallback(callback)
  else setTimeout(callback, 500)
}
