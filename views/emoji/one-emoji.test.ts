import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEmoji } from '../../public/emoji/catalogue.ts'
import text from '../../public/emoji/emoji.txt?raw'
import { oneEmoji } from './one-emoji.ts'

const picker = readEmoji(text, 'pl').flatMap((group) => group.emoji.map(({ emoji }) => emoji))

test('every emoji of the picker is recognized, with any of its variation selectors missing', () => {
  for (const emoji of picker) expect(oneEmoji(emoji), emoji).toBe(emoji)
  const typed = fc.constantFrom(...picker.filter((emoji) => emoji.includes('\ufe0f')))
  fc.assert(
    fc.property(typed, fc.infiniteStream(fc.boolean()), (emoji, keep) => {
      expect(oneEmoji(emoji.replace(/\ufe0f/g, (sign) => (keep.next().value ? sign : '')))).toBe(emoji)
    }),
  )
})

test.each([
  ['❤', '❤️'],
  ['❤\u200d🔥', '❤️‍🔥'],
  ['🏳\u200d🌈', '🏳️‍🌈'],
  ['🏳\u200d⚧', '🏳️‍⚧️'],
  ['🏴\u200d☠', '🏴‍☠️'],
  ['1\u20e3', '1️⃣'],
  ['*\u20e3', '*️⃣'],
  ['🕵\u200d♂', '🕵️‍♂️'],
  ['🕵\ufe0f\u200d♂', '🕵️‍♂️'],
  ['🕵🏽\u200d♂', '🕵🏽‍♂️'],
  ['⛹🏿\u200d♀', '⛹🏿‍♀️'],
  ['☝\ufe0f🏽', '☝🏽'],
  ['👍\ufe0f', '👍'],
  ['👩🏽\u200d❤\u200d💋\u200d👨🏽', '👩🏽‍❤️‍💋‍👨🏽'],
  ['☺', '☺️'],
  ['©', '©️'],
  ['㊗', '㊗️'],
  ['🇵🇱', '🇵🇱'],
])('%s is %s', (typed, emoji) => {
  expect(oneEmoji(typed)).toBe(emoji)
  expect([...emoji].length).toBeLessThanOrEqual(10)
})

test.each([
  '',
  'a',
  '1',
  '1\ufe0f',
  '#',
  '\ufe0f',
  '\u200d',
  '❤\ufe0e',
  '❤❤',
  '👍 ',
  '❤\u200d',
  '🇵',
  '👍👍',
  '<b>',
  '\u20e3',
])('%j is not one emoji', (typed) => {
  expect(oneEmoji(typed)).toBeUndefined()
})
