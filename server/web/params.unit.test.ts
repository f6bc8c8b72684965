import { expect, test } from 'vitest'
import { line } from './params.ts'

const name = line(100)

test.each([
  ['Zażółć gęślą jaźń', 'Zażółć gęślą jaźń'],
  [' 👩‍👧 ', '👩‍👧'],
  ['❤️', '❤️'],
  ['می‌خواهم', 'می‌خواهم'],
  ['…', '…'],
])('%j is a name', (given, read) => {
  expect(name.parse(given)).toBe(read)
})

test.each([
  '',
  '   ',
  '\u200b',
  '\u200d\u200d',
  '\u2060 \ufeff',
  '\u00ad',
  '\u3164',
  '\u115f\u1160\uffa0',
  '\u2800',
  '\ufe0f',
  '\u0301',
  '\u{e0061}',
])('%j has nothing to be seen, and is no name', (given) => {
  expect(name.safeParse(given).success).toBe(false)
})

test.each(['\u202a', '\u202e', '\u2066', '\u2069'])(
  '%j, which turns the direction of text, is refused',
  (mark) => {
    expect(name.safeParse(`Anna${mark}gro.elpmaxe`).success).toBe(false)
  },
)
