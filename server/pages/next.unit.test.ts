import { expect, test } from 'vitest'
import { safeNext } from './next.ts'

test.each(['/wiadomosci', '/wiadomosci/12', '/wiadomosci?a=//b', '/'])('%s is accepted', (next) => {
  expect(safeNext(next)).toBe(next)
})

test.each([
  '//evil.example',
  'https://evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/a\nb',
  'wiadomosci',
  '',
  undefined,
  ['/a', '/b'],
])('%j is refused', (next) => {
  expect(safeNext(next)).toBeUndefined()
})
