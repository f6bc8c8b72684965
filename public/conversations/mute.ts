import { reader } from '../page.ts'

const hourMs = 3_600_000
const morningHour = 8

/** For how long a conversation can be muted; `muted_until` is null of a mute that lasts. */
export function muteEnds(now = new Date()): { choice: string; words: string; muted_until: string | null }[] {
  const { t, clock } = reader
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, morningHour)
  const time = clock.time(morning.toISOString())
  return [
    {
      choice: 'hour',
      words: t('rows.mute_hour'),
      muted_until: new Date(now.getTime() + hourMs).toISOString(),
    },
    { choice: 'morning', words: t('rows.mute_morning', { time }), muted_until: morning.toISOString() },
    { choice: 'always', words: t('rows.mute_always'), muted_until: null },
  ]
}

export const muteWords = (until: string): string =>
  reader.t('rows.muted_until', { time: reader.clock.moment(until) })
