import { expect, test } from 'vitest'
import { findEmoji, readEmoji } from './catalogue.ts'
import text from './emoji.txt?raw'

const groups = readEmoji(text, 'pl')
const found = (query: string) => findEmoji(groups, query).map((each) => each.emoji)

test('the server accepts every emoji as a reaction', () => {
  const all = groups.flatMap((group) => group.emoji)
  expect(all.length).toBeGreaterThan(1800)
  for (const { emoji, label } of all) {
    expect(emoji).toMatch(/^\p{RGI_Emoji}$/v)
    expect(label, emoji).not.toBe('')
  }
})

test('emoji are found in Polish and English, without diacritics, by several words', () => {
  expect(found('kciuk w gore')[0]).toBe('👍')
  expect(found('thumbs up')).toContain('👍')
  expect(found('zólw')[0]).toBe('🐢')
  expect(found('PIES')).toContain('🐕')
  expect(found('🎉')).toEqual(['🎉'])
  expect(found(' ❤ ')).toEqual(['❤️'])
  expect(found('nie ma takiego')).toEqual([])
})

test.each([
  ['serce', '❤️'],
  ['heart', '❤️'],
  ['kawa', '☕'],
  ['coffee', '☕'],
  ['pizza', '🍕'],
  ['tort', '🎂'],
  ['smiech', '😂'],
  ['ogien', '🔥'],
])('of those with the whole word “%s” the most common one comes first', (query, emoji) => {
  expect(found(query)[0]).toBe(emoji)
})

test('whole words come before beginnings, and these before parts', () => {
  expect(found('ser').indexOf('🧀')).toBeLessThan(found('ser').indexOf('❤️'))
  expect(found('erce')).toContain('❤️')
})

test('what was used lately comes first among those that fit as well', () => {
  const fitting = (recent: string[]) => findEmoji(groups, 'serce', recent)[0]?.emoji
  expect(fitting(['💚', '💛'])).toBe('💚')
  expect(fitting(['🍕'])).toBe('❤️')
  expect(findEmoji(groups, 'ser', ['❤️'])[0]?.emoji).toBe('🧀')
})
