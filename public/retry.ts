const firstWaitMs = 1000
const maxWaitMs = 30_000

const waiting = new Set<() => void>()

/** Tries again at once what waits for its next attempt. */
export function hurryRetries(): void {
  for (const wake of waiting) wake()
}

/**
 * The pause before the next attempt: longer after each failure, over when the network is back.
 * @param atLeast seconds that the server asks to wait
 */
export function retryPause(failures: number, atLeast: number, signal: AbortSignal): Promise<void> {
  const spread = 0.5 + Math.random() / 2
  const wait = Math.max(atLeast * 1000, Math.min(firstWaitMs * 2 ** failures, maxWaitMs) * spread)
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
