const maxWaitMs = 2000

/** Calls back when the page has nothing else to do, or has been busy for too long. */
export function whenIdle(callback: () => void): void {
  // Safari lacks it.
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: maxWaitMs })
  else setTimeout(callback, 500)
}

/** Lets the page do what is waiting, such as answering a key. */
export const breathe = () => new Promise<void>((resolve) => setTimeout(resolve))
