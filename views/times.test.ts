import { expect, test } from 'vitest'
import { canonicalZone, clockOf, formats } from './times.ts'

const at = (now: string, zone = 'Europe/Warsaw', locale = 'pl') => clockOf(locale, zone, () => new Date(now))
const warsaw = at('2026-11-20T09:00:00Z')

test.each([
  ['2026-11-20T08:05:00Z', '09:05'],
  ['2026-11-19T22:00:00Z', 'czw.'],
  ['2026-11-15T12:00:00Z', 'niedz.'],
  ['2026-11-13T23:00:00Z', 'sob.'],
  ['2026-11-13T22:59:00Z', '13 lis'],
  ['2026-11-13T12:00:00Z', '13 lis'],
  ['2026-01-01T00:00:00Z', '1 sty'],
  ['2025-12-31T22:59:00Z', '31.12.2025'],
  ['2025-11-13T12:00:00Z', '13.11.2025'],
  ['2026-11-21T12:00:00Z', '21 lis'],
])('the list shows %s as %s', (iso, words) => {
  expect(warsaw.brief(iso)).toBe(words)
})

test.each([
  ['2026-11-20T08:05:00Z', '09:05'],
  ['2026-11-19T22:59:00Z', '19 lis, 23:59'],
  ['2026-11-19T23:00:00Z', '00:00'],
  ['2025-03-03T12:00:00Z', '3 mar 2025, 13:00'],
  ['2025-12-31T23:30:00Z', '1 sty, 00:30'],
])('the moment %s is shown as %s', (iso, words) => {
  expect(warsaw.moment(iso)).toBe(words)
})

test('a day line shows the year unless it is the current one', () => {
  expect(warsaw.longDay('2026-11-16T12:00:00Z')).toBe('poniedziałek, 16 listopada')
  expect(warsaw.longDay('2025-11-16T12:00:00Z')).toBe('niedziela, 16 listopada 2025')
})

test.each([
  // Clocks go forward: after a day of 23 hours, 24 hours ago is the day before yesterday.
  ['Europe/Warsaw', '2026-03-29T22:30:00Z', '2026-03-28T12:00:00Z', 2],
  ['Europe/Warsaw', '2026-03-29T22:30:00Z', '2026-03-28T23:00:00Z', 1],
  ['Europe/Warsaw', '2026-03-29T21:59:00Z', '2026-03-28T12:00:00Z', 1],
  // Clocks go back: a day of 25 hours.
  ['Europe/Warsaw', '2026-10-25T22:30:00Z', '2026-10-24T22:10:00Z', 0],
  ['Europe/Warsaw', '2026-10-25T22:30:00Z', '2026-10-24T21:59:00Z', 1],
  ['Europe/Warsaw', '2026-10-26T22:30:00Z', '2026-10-24T21:59:00Z', 2],
  // The end of the year.
  ['Europe/Warsaw', '2027-01-01T00:10:00Z', '2026-12-31T22:50:00Z', 1],
  ['Europe/Warsaw', '2027-01-01T00:10:00Z', '2026-12-31T23:10:00Z', 0],
  ['Europe/Warsaw', '2024-03-01T12:00:00Z', '2024-02-28T12:00:00Z', 2],
  // Far east, far west, and half hours.
  ['Pacific/Kiritimati', '2026-05-10T10:30:00Z', '2026-05-10T09:30:00Z', 1],
  ['Pacific/Kiritimati', '2026-05-10T09:59:00Z', '2026-05-09T10:00:00Z', 0],
  ['Pacific/Pago_Pago', '2026-05-10T10:30:00Z', '2026-05-10T11:30:00Z', -1],
  ['America/St_Johns', '2026-05-10T02:31:00Z', '2026-05-10T02:29:00Z', 1],
  ['America/St_Johns', '2026-05-10T02:29:00Z', '2026-05-09T02:31:00Z', 0],
  // Days that start at one o'clock.
  ['America/Sao_Paulo', '2018-11-04T03:30:00Z', '2018-11-04T02:59:00Z', 1],
  ['America/Sao_Paulo', '2018-11-05T01:30:00Z', '2018-11-03T12:00:00Z', 1],
  ['America/Sao_Paulo', '2018-11-05T02:30:00Z', '2018-11-03T12:00:00Z', 2],
  ['Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-23T21:59:00Z', 1],
  ['Africa/Cairo', '2026-04-24T20:59:00Z', '2026-04-23T22:00:00Z', 0],
])('in %s, at %s, %s is %i days ago', (zone, now, iso, days) => {
  expect(at(now, zone).daysAgo(iso)).toBe(days)
})

test.each([
  ['Europe/Warsaw', '2026-03-29T22:30:00Z', '2026-03-23T22:59:00Z', '23 mar'],
  ['Europe/Warsaw', '2026-03-29T22:30:00Z', '2026-03-23T23:00:00Z', 'wt.'],
  ['Europe/Warsaw', '2026-10-25T22:59:00Z', '2026-10-18T22:00:00Z', 'pon.'],
  ['Europe/Warsaw', '2026-10-25T22:59:00Z', '2026-10-18T21:59:00Z', '18 paź'],
  ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2026-12-31T09:59:00Z', 'czw.'],
  ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2026-12-24T09:59:00Z', '24.12.2026'],
])('in %s, at %s, the list shows %s as %s', (zone, now, iso, words) => {
  expect(at(now, zone).brief(iso)).toBe(words)
})

test.each([
  ['europe/WARSAW', 'Europe/Warsaw'],
  ['Poland', 'Europe/Warsaw'],
  ['Asia/Bangkok', 'Asia/Bangkok'],
  ['utc', 'UTC'],
  ['../etc/passwd', undefined],
  ['Etc/Unknown', undefined],
  ['', undefined],
])('the time zone %j is read as %j', (given, zone) => {
  expect(canonicalZone(given)).toBe(zone)
})

test('an unknown time zone falls back to the home zone', () => {
  expect(at('2026-11-20T09:00:00Z', 'Mars/Olympus').time('2026-11-20T08:05:00Z')).toBe('09:05')
})

test('the number of cached formats is bounded, whatever zones readers claim', () => {
  const draw = (zone: string) => {
    const clock = at('2026-11-20T09:00:00Z', zone)
    for (const show of [clock.time, clock.brief, clock.longDay, clock.moment, clock.full])
      expect(show('2025-03-03T12:00:00Z')).toBeTruthy()
  }
  for (const zone of ['Europe/Warsaw', 'UTC']) draw(zone)
  const one = formats.size
  for (let bits = 0; bits < 600; bits++) draw(cased('europe/warsaw', bits))
  expect(formats.size).toBe(one)
  draw('Asia/Bangkok')
  expect(formats.size).toBe(one + 1)
  for (const zone of Intl.supportedValuesOf('timeZone')) draw(zone)
  for (let minutes = 0; minutes < 700; minutes++) draw(offset(minutes))
  expect(formats.size).toBe(600)
})

const cased = (zone: string, bits: number) =>
  [...zone].map((sign, i) => ((bits >> i) & 1 ? sign.toUpperCase() : sign)).join('')
const offset = (minutes: number) =>
  `+${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`
