import { expect, test } from 'vitest'
import { mayBeForms, mayBeMeant } from './similar.ts'

test.each([
  ['nowakiewicza', 'nowakiewiczowi', true],
  ['wisniewskiego', 'wisniewska', true],
  ['dockerem', 'docker', true],
  ['zoomie', 'zoom', true],
  ['marka', 'marta', false],
  ['meetup', 'meet', true],
  ['internet', 'internacjonalizm', false],
  ['al', 'ala', false],
])('%s and %s may be forms of one word: %s', (one, other, expected) => {
  expect([mayBeForms(one, other), mayBeForms(other, one)]).toEqual([expected, expected])
})

test.each([
  ['the same', 'faktura', 'faktura', true],
  ['one wrong', 'fakyura', 'faktura', true],
  ['one missing', 'fatura', 'faktura', true],
  ['one too many', 'fakttura', 'faktura', true],
  ['two exchanged', 'fakutra', 'faktura', true],
  ['two wrong', 'fekyura', 'faktura', false],
  ['two wrong of many', 'spetkonie', 'spotkanie', true],
  ['three wrong of many', 'spetkonia', 'spotkanie', false],
  ['something else', 'kot', 'pies', false],
])('meant with mistakes: %s', (_, typed, other, expected) => {
  expect(mayBeMeant(typed, other)).toBe(expected)
})
