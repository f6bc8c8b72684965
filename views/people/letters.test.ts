import { expect, test } from 'vitest'
import { letterOf } from './letters.ts'

test.each([
  ['Anna', 'A'],
  ['łukasz', 'Ł'],
  ['Z\u0301dźbło', 'Ź'],
  ['Éva', 'E'],
  ['Ørsted', 'O'],
  ['Ącki', 'Ą'],
  ['Đorđe', 'Đ'],
  ['Юлия', 'Ю'],
  ['7 Dywizja', '#'],
  ['„Koło”', '#'],
  ['', '#'],
])('%j is listed under %s', (name, letter) => {
  expect(letterOf(name)).toBe(letter)
})
