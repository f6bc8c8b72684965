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
