import type { Presence } from '../../server/contract/presence.ts'
import type { Reader } from '../reader.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Where somebody is, in words that need to know no gender; nothing for who hides it. */
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
  // The day on which clocks go back has 25 hours, and is today until it ends.
  if (days > 0 && seconds >= DAY) return words.format(-days, 'day')
  if (seconds >= HOUR) return words.format(-Math.floor(seconds / HOUR), 'hour')
  return words.format(-Math.max(1, Math.floor(seconds / MINUTE)), 'minute')
}
