import { expect, test } from 'vitest'
import { clockOf, isTimeZone } from './times.ts'

const now = () => new Date('2026-11-20T09:00:00Z')
const warsaw = clockOf('pl', 'Europe/Warsaw', now)

test.each([
  ['2026-11-20T08:05:00Z', '09:05'],
  ['2026-11-19T22:00:00Z', 'czw.'],
  ['2026-11-15T12:00:00Z', 'niedz.'],
  ['2026-11-13T12:00:00Z', '13 lis'],
  ['2025-11-13T12:00:00Z', '13.11.2025'],
])('in the list %s is %s', (iso, words) => {
  expect(warsaw.brief(iso)).toBe(words)
})

test('a day line has the year only when it is another one', () => {
  expect(warsaw.longDay('2026-11-16T12:00:00Z')).toBe('poniedziałek, 16 listopada')
  expect(warsaw.longDay('2025-11-16T12:00:00Z')).toBe('niedziela, 16 listopada 2025')
})

test("today is the reader's", () => {
  expect(warsaw.isToday('2026-11-19T23:30:00Z')).toBe(true)
  expect(clockOf('pl', 'America/New_York', now).isYesterday('2026-11-19T23:30:00Z')).toBe(true)
})

test('a cookie may hold anything', () => {
  expect(isTimeZone('Asia/Bangkok')).toBe(true)
  expect(isTimeZone('../etc/passwd')).toBe(false)
})
