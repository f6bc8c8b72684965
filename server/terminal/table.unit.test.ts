import { expect, test } from 'vitest'
import { tableLines } from './table.ts'

test.each<[string, string[][], string[], ((column: number) => boolean)?]>([
  [
    'columns are as wide as the longest cell, by characters',
    [
      ['żółć', 'b', 'c'],
      ['a', 'long', ''],
    ],
    ['żółć  b     c', 'a     long'],
  ],
  [
    'numbers are aligned to the right',
    [
      ['files', '7'],
      ['messages', '1,200'],
    ],
    ['files         7', 'messages  1,200'],
    (column) => column === 1,
  ],
  ['rows may be shorter than the first', [['a', 'b'], ['longer']], ['a       b', 'longer']],
  [
    'an emoji is one character',
    [
      ['👍', 'x'],
      ['ab', 'y'],
    ],
    ['👍   x', 'ab  y'],
  ],
  ['there may be nothing', [], []],
])('%s', (_, rows, lines, isRight) => {
  expect(tableLines(rows, isRight)).toEqual(lines)
})
