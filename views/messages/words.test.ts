import { expect, test } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import { initials } from '../people/avatar.ts'
import { fileEnding, fileSize, isEmojiOnly, reactionPills } from './words.ts'

const saying = (content_text: string, more: Partial<Message> = {}) =>
  ({
    content_text,
    attachments: [],
    reply_to: null,
    link_preview: null,
    is_deleted: false,
    ...more,
  }) as Message

test.each(['🎉', '👍🏽 ❤️', '👨‍👩‍👧‍👦🇵🇱🏳️‍🌈', ' 🎉\n', '❤', '☺☺ ☺', '❤\u200d🔥🏴\u200d☠', '1\u20e3 2\u20e3'])(
  '%j is shown large',
  (text) => {
    expect(isEmojiOnly(saying(text))).toBe(true)
  },
)

test.each([
  '',
  '1',
  '🎉🎉🎉🎉',
  'tak 🎉',
  '#',
  '©a',
  '❤❤❤❤',
  '12',
  '❤\ufe0e',
  '\ufe0f',
  `${' '.repeat(100)}a`,
])('%j is shown as text', (text) => {
  expect(isEmojiOnly(saying(text))).toBe(false)
})

test.each([
  ['Anna Kowalska', 'AK'],
  ['Anna Maria Łęcka-Żak', 'AŻ'],
  ['ćma', 'Ć'],
  ['Zarząd', 'Z'],
  ['李小龙', '李'],
  ['🎉', '🎉'],
])('%s is shortened to %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1536, '2 kB'],
  [1_468_006, '1,4 MB'],
])('%i bytes are %s', (bytes, words) => {
  expect(fileSize(bytes, 'pl').replace(/\s/g, ' ').replace('bajtów', 'B').replace('bajt', 'B')).toBe(words)
})

test('reactions are grouped into one pill for each emoji, with mine marked', () => {
  const reactions = [
    { emoji: '👍', user_id: 2, user_name: 'Bartek' },
    { emoji: '🎉', user_id: 2, user_name: 'Bartek' },
    { emoji: '👍', user_id: 1, user_name: 'Anna' },
  ] as Message['reactions']
  expect(reactionPills(saying('a', { reactions }), 1)).toEqual([
    { emoji: '👍', count: 2, names: 'Bartek, Anna', mine: true },
    { emoji: '🎉', count: 1, names: 'Bartek', mine: false },
  ])
})

test.each([
  ['Protokół z zebrania zarządu.pdf', '.pdf'],
  ['kopia.tar.gz', '.tar.gz'],
  ['zdjęcie 12.05.JPEG', '.JPEG'],
  ['.env', '.env'],
  ['umowa.żółć', '.żółć'],
  ['bez rozszerzenia', ''],
  ['Koniec zdania. I dalej', ''],
  ['a.b c', ''],
  ['archiwum.bardzodlugie', ''],
  ['kropka.', ''],
])('the file ending of %j is %j', (name, ending) => {
  expect(fileEnding(name)).toBe(ending)
})
