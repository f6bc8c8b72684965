import { expect, test } from 'vitest'
import type { Presence } from '../../server/live/events.ts'
import { readerOf } from '../reader.ts'
import { presenceWords } from './presence.ts'

const reader = readerOf({ me: null, locale: 'pl', zone: 'Europe/Warsaw', sprite: '' })
const now = Date.parse('2026-11-20T12:00:00.000Z')
const words = (status: Presence['status'], last_seen: string | null) =>
  presenceWords({ status, last_seen } as Presence, reader, now)

test.each([
  ['online', null, 'Online'],
  ['away', null, 'Zaraz wraca'],
  ['offline', null, ''],
  ['offline', '2026-11-20T11:59:40.000Z', 'Ostatnio: 1 min temu'],
  ['offline', '2026-11-20T11:50:00.000Z', 'Ostatnio: 10 min temu'],
  ['offline', '2026-11-20T09:30:00.000Z', 'Ostatnio: 2 godz. temu'],
  ['offline', '2026-11-19T09:30:00.000Z', 'Ostatnio: wczoraj'],
  ['offline', '2026-11-01T09:30:00.000Z', 'Ostatnio: 1 lis'],
] as const)('%s, last seen %s, is said as “%s”', (status, lastSeen, said) => {
  expect(words(status, lastSeen)).toBe(said)
})

test('of whom nothing is known nothing is said', () => {
  expect(presenceWords(undefined, reader, now)).toBe('')
})
