import type { QuietHours } from '../server/contract/users.ts'
import { canonicalZone, wallTime } from './times.ts'

/**
 * Whether nothing is to ring or pop up now: by the clock on the wall, so that on the days when it is put forward or back the
 * hours are what it shows. A zone that is not known here leaves nobody in silence for good.
 */
export function isQuiet(hours: QuietHours | null, at = new Date()): boolean {
  const zone = hours && canonicalZone(hours.time_zone)
  if (!zone) return false
  const { from, to } = hours
  const now = wallTime(at, zone).toISOString().slice(11, 16)
  return from < to ? from <= now && now < to : from <= now || now < to
}
