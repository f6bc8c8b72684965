import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold, tidy, tidyLines } from './names.ts'

test.each([
  [' Spotkania\u00a0 co wtorek ', 'Spotkania co wtorek'],
  ['Raz\r\nDwa\u2028Trzy', 'Raz\nDwa\nTrzy'],
  ['Raz\n\n\n\n\nDwa', 'Raz\n\nDwa'],
  ['\u200b\n \u00ad\n', ''],
  ['a\tb  c\n\u202ed', 'a b c\nd'],
  ['e\u200b\u0301', 'é'],
])('the lines %j are stored as %j', (typed, stored) => {
  expect(tidyLines(typed)).toBe(stored)
})

const sign = fc.oneof(
  fc.constantFrom(
    ...[
      '\u00a0',
      '\u200b',
      '\u200d',
      '\ufe0f',
      '\u00ad',
      '\u0301',
      '\u3164',
      '\u2800',
      '❤',
      '👩',
      'क',
      '्',
      'ł',
    ],
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)

test('tidying is idempotent, and a name is found by what was typed', () => {
  fc.assert(
    fc.property(fc.array(sign), (signs) => {
      const typed = signs.join('')
      expect(tidy(tidy(typed))).toBe(tidy(typed))
      expect(fold(tidy(typed))).toBe(fold(typed))
      expect(fold(fold(typed))).toBe(fold(typed))
    }),
    { numRuns: 2000, examples: [[['\u094d', '\u200d', '\u{1d17b}', '\u200d']]] },
  )
})
