import { expect, test } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import { changed } from './changes.ts'

const message = {
  id: 7,
  seq: 3,
  content: '<p>a</p>',
  content_text: 'a',
  is_deleted: false,
  is_pinned: true,
  reactions: [{ id: 1, user_id: 2, user_name: 'Bartek', emoji: '👍' }],
} as Message

const place = { conversation_id: 1, message_id: 7, seq: 4 }
const reaction = { ...place, user_id: 1, user_name: 'Anna', emoji: '👍' }

test('an edit derives the same plain text as the server', () => {
  const new_content = '<ol><li>b &amp; c</li></ol><p><a href="https://example.org">d</a></p>'
  expect(
    changed(message, 'message_edited', { ...place, new_content, edited_at: '2026-01-01T00:00:00.000Z' }),
  ).toMatchObject({ content: new_content, content_text: '1. b & c\n\nd (https://example.org)' })
})

test('a deletion removes all content', () => {
  expect(changed(message, 'message_deleted', place)).toMatchObject({
    seq: 4,
    content: null,
    content_text: null,
    is_deleted: true,
    is_pinned: false,
    reactions: [],
  })
})

test('a reaction is added once and removed', () => {
  const once = changed(message, 'reaction', { ...reaction, action: 'add' })
  const twice = changed(once, 'reaction', { ...reaction, seq: 5, action: 'add' })
  expect(twice.reactions.map((each) => each.user_name)).toEqual(['Bartek', 'Anna'])
  const none = changed(twice, 'reaction', { ...reaction, seq: 6, action: 'remove' })
  expect(none.reactions.map((each) => each.user_name)).toEqual(['Bartek'])
})

test('an outdated event, or one of another message, changes nothing', () => {
  expect(changed(message, 'message_deleted', { ...place, seq: 3 })).toBe(message)
  expect(changed(message, 'message_deleted', { ...place, message_id: 8 })).toBe(message)
})
