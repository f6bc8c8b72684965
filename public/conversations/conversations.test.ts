import { beforeEach, expect, test } from 'vitest'
import type { Conversation } from '../../server/contract/conversations.ts'
import type { Message } from '../../server/contract/messages.ts'
import { Conversations } from './conversations.ts'

const anna = 1
const bartek = 2

const conversation = (id: number, more: Partial<Conversation> = {}) =>
  ({
    id,
    seq: 10,
    is_group: false,
    is_archived: false,
    is_muted: false,
    unread_count: 0,
    unread_mentions: 0,
    notify: 'all',
    member_count: 2,
    updated_at: `2026-11-20T10:00:0${id}.000Z`,
    last_message: { id: 100 },
    members: [
      { user_id: anna, last_read_message_id: 100 },
      { user_id: bartek, last_read_message_id: 50 },
    ],
    ...more,
  }) as Conversation

const event = (conversation_id: number, seq: number, sender_id = bartek) => ({
  conversation_id,
  seq,
  message: { id: 100 + seq, kind: 'user', sender_id, created_at: '2026-11-20T11:00:00.000Z' } as Message,
})

const all = { filter: 'all', query: '' } as const
let list: Conversations
beforeEach(() => {
  const conversations = [conversation(1), conversation(2)]
  list = new Conversations(anna)
  list.begin({ conversations, has_more: false, next_cursor: null, unread_total: 0 })
})

test('a reply marks earlier messages as read', async () => {
  const readBy = (id: number) =>
    list.get(id)?.members?.find((member) => member.user_id === bartek)?.last_read_message_id
  await list.received(event(1, 11))
  expect(readBy(1)).toBe(111)
  const forwarded = event(2, 11)
  forwarded.message.forwarded_from = { message_id: 1, sender_name: 'Anna' }
  await list.received(forwarded)
  expect(readBy(2)).toBe(50)
  list.put(conversation(2, { seq: 12, unread_count: 3 }))
  await list.received({ ...event(2, 13, anna), message: { ...forwarded.message, id: 113, sender_id: anna } })
  expect(list.get(2)?.unread_count).toBe(3)
  await list.received(event(2, 14, anna))
  expect(list.get(2)?.unread_count).toBe(0)
})

const order = () => list.shown(all).map((each) => each.id)

test('a new message moves its conversation up and is counted', async () => {
  expect(order()).toEqual([2, 1])
  await list.received(event(1, 11))
  expect(order()).toEqual([1, 2])
  expect(list.get(1)?.unread_count).toBe(1)
})

test('a repeated event, or one that a response already includes, is counted once', async () => {
  await list.received(event(1, 11))
  await list.received(event(1, 11))
  list.put(conversation(1, { seq: 13, unread_count: 3 }))
  await list.received(event(1, 12))
  expect(list.get(1)?.unread_count).toBe(3)
})

test('an outdated response changes nothing', async () => {
  await list.received(event(1, 11))
  list.put(conversation(1, { seq: 10, unread_count: 0 }))
  expect(list.get(1)?.unread_count).toBe(1)
})

test('my own messages from another device are not counted', async () => {
  await list.received(event(1, 11, anna))
  expect(list.get(1)?.unread_count).toBe(0)
})

test('reading on another device clears the count, and read positions never move back', async () => {
  await list.received(event(1, 11))
  const read_at = '2026-11-20T11:00:01.000Z'
  await list.read({ conversation_id: 1, user_id: anna, message_id: 111, read_at })
  await list.read({ conversation_id: 1, user_id: bartek, message_id: 111, read_at })
  list.put(conversation(1, { seq: 12 }))
  expect(list.get(1)?.unread_count).toBe(0)
  expect(list.get(1)?.members?.[1]?.last_read_message_id).toBe(111)
})

test('muted conversations do not count towards the total', async () => {
  list.put(conversation(2, { seq: 11, is_muted: true, unread_count: 4 }))
  expect(list.unread).toBe(0)
})

test('the open conversation stays in the unread list', async () => {
  await list.received(event(1, 11))
  expect(list.shown({ filter: 'unread', query: '' }, 2).map((each) => each.id)).toEqual([1, 2])
})
