const firstWaitMs = 1000
const maxWaitMs = 30_000

const waiting = new Set<() => void>()

/** Ends all waits for a next attempt. */
export function retryNow(): void {
  for (const wake of waiting) wake()
}

/**
 * Waits before the next attempt, longer after each failure, until the network is back.
 * @param minSeconds what the server asks to wait
 */
export function retryDelay(failures: number, minSeconds: number, signal: AbortSignal): Promise<void> {
  const spread = 0.5 + Math.random() / 2
  const wait = Math.max(minSeconds * 1000, Math.min(firstWaitMs * 2 ** failures, maxWaitMs) * spread)
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      waiting.delete(done)
      removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, wait)
    waiting.add(done)
    addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}
