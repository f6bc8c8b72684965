import type { Presence } from '../../server/contract/presence.ts'
import type { Reader } from '../reader.ts'

const minuteSeconds = 60
const hourSeconds = 60 * minuteSeconds
const daySeconds = 24 * hourSeconds

/** Phrased without gender, which Polish verbs would show; empty when it is hidden. */
export function presenceWords(presence: Presence | undefined, reader: Reader): string {
  const { t } = reader
  if (!presence) return ''
  if (presence.status !== 'offline') return t(`presence.${presence.status}`)
  const { last_seen } = presence
  return last_seen ? t('presence.last_seen', { when: ago(last_seen, reader) }) : ''
}

function ago(iso: string, { locale, clock }: Reader): string {
  const seconds = Math.max(0, (clock.now() - Date.parse(iso)) / 1000)
  const days = clock.daysAgo(iso)
  if (days >= 7) return clock.brief(iso)
  const words = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' })
  // A day of 25 hours, when clocks go back, is today until it ends.
  if (days > 0 && seconds >= daySeconds) return words.format(-days, 'day')
  if (seconds >= hourSeconds) return words.format(-Math.floor(seconds / hourSeconds), 'hour')
  return words.format(-Math.max(1, Math.floor(seconds / minuteSeconds)), 'minute')
}
