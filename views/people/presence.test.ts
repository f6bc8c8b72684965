import { expect, test } from 'vitest'
import type { Presence } from '../../server/contract/presence.ts'
import { readerOf } from '../reader.ts'
import { clockOf } from '../times.ts'
import { presenceWords } from './presence.ts'

const readerAt = (now: string) => ({
  ...readerOf({ me: null, locale: 'pl', zone: 'Europe/Warsaw', sprite: '' }),
  clock: clockOf('pl', 'Europe/Warsaw', () => new Date(now)),
})
const reader = readerAt('2026-11-20T12:00:00.000Z')
const words = (status: Presence['status'], last_seen: string | null, at = reader) =>
  presenceWords({ status, last_seen } as Presence, at)

test.each([
  ['online', null, 'Online'],
  ['away', null, 'Brak aktywności'],
  ['offline', null, ''],
  ['offline', '2026-11-20T11:59:40.000Z', 'Ostatnio: 1 min temu'],
  ['offline', '2026-11-20T11:50:00.000Z', 'Ostatnio: 10 min temu'],
  ['offline', '2026-11-20T09:30:00.000Z', 'Ostatnio: 2 godz. temu'],
  ['offline', '2026-11-19T09:30:00.000Z', 'Ostatnio: wczoraj'],
  ['offline', '2026-11-01T09:30:00.000Z', 'Ostatnio: 1 lis'],
] as const)('%s, last seen %s, is shown as “%s”', (status, lastSeen, shown) => {
  expect(words(status, lastSeen)).toBe(shown)
})

test.each([
  ['2026-03-29T22:30:00Z', '2026-03-28T12:00:00Z', 'Ostatnio: przedwczoraj'],
  ['2026-10-25T22:55:00Z', '2026-10-24T22:05:00Z', 'Ostatnio: 24 godz. temu'],
  ['2026-11-20T11:00:00Z', '2026-11-18T22:30:00Z', 'Ostatnio: przedwczoraj'],
  ['2026-11-20T11:00:00Z', '2026-11-18T23:30:00Z', 'Ostatnio: wczoraj'],
  ['2026-11-20T08:00:00Z', '2026-11-19T20:00:00Z', 'Ostatnio: 12 godz. temu'],
  ['2026-11-20T11:00:00Z', '2026-11-13T23:30:00Z', 'Ostatnio: 6 dni temu'],
  ['2026-11-20T11:00:00Z', '2026-11-13T22:30:00Z', 'Ostatnio: 13 lis'],
  ['2027-01-04T11:00:00Z', '2026-12-27T11:00:00Z', 'Ostatnio: 27.12.2026'],
  ['2026-11-20T11:00:00Z', '2026-11-20T11:00:30Z', 'Ostatnio: 1 min temu'],
])('at %s, last seen at %s is shown as “%s”', (now, lastSeen, shown) => {
  expect(words('offline', lastSeen, readerAt(now))).toBe(shown)
})

test('unknown presence is shown as nothing', () => {
  expect(presenceWords(undefined, reader)).toBe('')
})
