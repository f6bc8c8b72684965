import { expect, test } from 'vitest'
import { countCharacters } from './length.ts'

test.each([
  ['', 0],
  ['ą', 1],
  ['👍', 1],
  ['👍🏽', 2],
  ['🇵🇱', 2],
  ['e\u0301', 2],
  ['a\nb\n\nc', 3],
  ['👍'.repeat(20_000), 20_000],
])('%j has %i characters', (text, count) => {
  expect(countCharacters(text)).toBe(count)
})
