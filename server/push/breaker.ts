/** How often in a row a push service has not answered at all before it is left alone, and for how long, in seconds. */
const maxMisses = 3
const pauseSeconds = 30
/** Push services whose state is known; a stranger can name any number of them. */
const maxKnown = 1000

interface Missing {
  misses: number
  /** ms since 1970 */
  until: number
}

const missing = new Map<string, Missing>()

/**
 * The breaker of a push service: seconds for which it is left alone, 0 when it is not. One that swallows connections would
 * otherwise hold up, for each of its subscriptions, everybody who waits behind it.
 */
export function pauseOf(origin: string): number {
  const known = missing.get(origin)
  if (!known || known.misses < maxMisses) return 0
  const left = known.until - Date.now()
  if (left > 0) return Math.ceil(left / 1000)
  // One tries; the others wait for what becomes of it.
  known.until = Date.now() + pauseSeconds * 1000
  return 0
}

export function noteAnswer(origin: string): void {
  missing.delete(origin)
}

export function noteSilence(origin: string): void {
  if (missing.size >= maxKnown) missing.clear()
  const misses = (missing.get(origin)?.misses ?? 0) + 1
  missing.set(origin, { misses, until: Date.now() + pauseSeconds * 1000 })
}
