import { expect, test } from 'vitest'
import type { Poll } from '../../server/contract/polls.ts'
import type { OwnUser } from '../../server/contract/users.ts'
import { readerOf } from '../reader.ts'
import { isClosed, pollTerms, pollTotal, shownOptions } from './words.ts'

const ANNA = 1
const reader = readerOf({ me: { id: ANNA } as OwnUser, locale: 'pl', zone: 'Europe/Warsaw', sprite: '' })

const poll = (more: Partial<Poll> = {}): Poll => ({
  question: 'Kto?',
  options: [
    { id: 1, text: 'Ja', count: 1 },
    { id: 2, text: 'Nie', count: 0 },
  ],
  is_multiple: false,
  is_secret: false,
  closes_at: null,
  voter_count: 1,
  ...more,
})

test('the bars show the share of those who voted', () => {
  const options = [3, 2, 0].map((count, i) => ({ id: i + 1, text: 'x', count }))
  expect(shownOptions(poll({ options, voter_count: 3 })).map(({ share }) => share)).toEqual([100, 67, 0])
  expect(shownOptions(poll({ options: options.slice(2), voter_count: 0 }))[0]!.share).toBe(0)
})

test('a poll is closed from its last moment on', () => {
  const given = poll({ closes_at: '2026-11-20T12:00:00.000Z' })
  const at = Date.parse('2026-11-20T12:00:00.000Z')
  expect([isClosed(given, at - 1), isClosed(given, at), isClosed(poll(), at)]).toEqual([false, true, false])
  expect(pollTerms(given, { ...reader, clock: { ...reader.clock, now: () => at } })).toBe('Zamknięta')
  expect(pollTerms(poll({ is_multiple: true, is_secret: true }), reader)).toBe('Kilka odpowiedzi · Tajna')
})

test('votes and voters are counted by the rules of Polish', () => {
  const totals = (is_multiple: boolean) =>
    [0, 1, 2, 5, 22].map((voter_count) => pollTotal(poll({ voter_count, is_multiple }), reader))
  expect(totals(false)).toEqual(['0 głosów', '1 głos', '2 głosy', '5 głosów', '22 głosy'])
  expect(totals(true)).toEqual([
    'Głosowało 0 osób',
    'Głosowała 1 osoba',
    'Głosowały 2 osoby',
    'Głosowało 5 osób',
    'Głosowały 22 osoby',
  ])
})
