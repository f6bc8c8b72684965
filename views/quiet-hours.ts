import type { QuietHours } from '../server/contract/users.ts'

/**
 * Whether nothing is to ring or pop up now: by the clock on the wall, so that on the days when it is put forward or back the
 * hours are what it shows. A zone that is not known here leaves nobody in silence for good.
 */
export function isQuiet(hours: QuietHours | null, at = new Date()): boolean {
  const now = hours && clockIn(hours.time_zone)?.format(at)
  if (!now) return false
  const { from, to } = hours
  return from < to ? from <= now && now < to : from <= now || now < to
}

const clocks = new Map<string, Intl.DateTimeFormat | undefined>()

/** Costly to make, and there are as many as zones. */
function clockIn(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!clocks.has(timeZone)) clocks.set(timeZone, newClock(timeZone))
  return clocks.get(timeZone)
}

function newClock(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('sv', { timeZone, timeStyle: 'short' })
  } catch {
    return undefined
  }
}
