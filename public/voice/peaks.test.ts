import { expect, test } from 'vitest'
import { peaksOf } from './peaks.ts'

test.each<[string, number[], number, number[]]>([
  ['the loudest of each part, the loudest of all being 100', [0, 0.2, 0.5, 0.1], 2, [40, 100]],
  ['as they are, where there are few', [0.5, 0.25], 64, [100, 50]],
  ['not made louder where there is but noise', [0.01, 0.02], 2, [10, 20]],
  ['of silence nothing', [0, 0, 0], 3, [0, 0, 0]],
  ['one, where nothing was heard', [], 64, [0]],
])('peaks are %s', (_, levels, count, peaks) => {
  expect(peaksOf(levels, count)).toEqual(peaks)
})

test('the peaks of the longest recording are as many as of any', () => {
  const levels = Array.from({ length: 3001 }, (_, i) => (i % 7) / 7)
  expect(peaksOf(levels)).toHaveLength(64)
  expect(Math.max(...peaksOf(levels))).toBe(100)
})
