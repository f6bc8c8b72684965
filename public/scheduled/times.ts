import { limits } from '../../server/contract/limits.ts'
import { reader } from '../page.ts'

interface Choice {
  /** ISO 8601 in UTC. */
  at: string
  label: string
}

const eveningHour = 18
const morningHour = 8
/** An evening that is about to begin is none to wait for. */
const leadMs = 30 * 60_000
const dayMs = 24 * 60 * 60_000

/** The times one is likely to want, in the reader's own zone. @param before one that it had already */
export function likelyTimes(now: Date, before: string | undefined): Choice[] {
  const { t } = reader
  const evening = atHour(now, 0, eveningHour)
  return [
    ...(before && Date.parse(before) > now.getTime() ? [{ at: before, label: t('scheduled.same') }] : []),
    ...(evening.getTime() - now.getTime() > leadMs
      ? [{ at: evening.toISOString(), label: t('scheduled.tonight') }]
      : []),
    { at: tomorrowMorning(now).toISOString(), label: t('scheduled.tomorrow') },
  ]
}

export const tomorrowMorning = (now: Date): Date => atHour(now, 1, morningHour)

/** By the calendar, so that a day may have 23 or 25 hours. */
const atHour = (now: Date, days: number, hour: number): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour)

/** What a field of date and time takes: local, to the minute. */
export function localValue(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

export const lastTime = (now: Date): Date => new Date(now.getTime() + (limits.scheduledDays - 1) * dayMs)

/** Why nothing can be sent at this time. */
export function faultOf(at: Date, now: Date): 'scheduled.past' | 'scheduled.far' | undefined {
  if (!(at.getTime() > now.getTime())) return 'scheduled.past'
  return at > lastTime(now) ? 'scheduled.far' : undefined
}
