import { expect, test } from 'vitest'
import { isQuiet } from './quiet-hours.ts'

const warsaw = 'Europe/Warsaw'
const night = { from: '22:00', to: '07:00', time_zone: warsaw }
const nap = { from: '13:00', to: '15:30', time_zone: warsaw }
const lateNight = { from: '02:30', to: '03:30', time_zone: warsaw }

test.each([
  ['in winter, a minute before', night, '2026-01-15T20:59:59Z', false],
  ['in winter, from then on', night, '2026-01-15T21:00:00Z', true],
  ['past midnight', night, '2026-01-16T00:30:00Z', true],
  ['a minute before the end', night, '2026-01-16T05:59:59Z', true],
  ['at the end', night, '2026-01-16T06:00:00Z', false],
  ['in summer, by the same clock', night, '2026-07-15T20:00:00Z', true],
  ['in summer, at the end', night, '2026-07-16T05:00:00Z', false],
  ['within a day, before', nap, '2026-01-15T11:59:00Z', false],
  ['within a day', nap, '2026-01-15T14:29:00Z', true],
  ['within a day, after', nap, '2026-01-15T14:30:00Z', false],
  ['in an hour that spring skips, after its end', lateNight, '2026-03-29T01:30:00Z', false],
  ['in an hour that spring skips, what is left of it', lateNight, '2026-03-29T01:10:00Z', true],
  ['in an hour that autumn repeats, the first time', lateNight, '2026-10-25T00:40:00Z', true],
  ['in an hour that autumn repeats, the second time', lateNight, '2026-10-25T01:40:00Z', true],
  ['in an hour that autumn repeats, in between', lateNight, '2026-10-25T01:10:00Z', false],
  ['elsewhere, by the clock there', { ...night, time_zone: 'Asia/Tokyo' }, '2026-01-15T13:00:00Z', true],
  ['elsewhere, when it is night here', { ...night, time_zone: 'Asia/Tokyo' }, '2026-01-15T23:00:00Z', false],
  ['in a zone that is not known', { ...night, time_zone: 'Europe/Atlantis' }, '2026-01-15T23:00:00Z', false],
  ['without quiet hours', null, '2026-01-15T23:00:00Z', false],
])('%s', (_, hours, at, quiet) => {
  expect(isQuiet(hours, new Date(at))).toBe(quiet)
})
