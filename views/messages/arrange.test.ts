import { expect, test } from 'vitest'
import type { Member } from '../../server/contract/conversations.ts'
import type { OwnUser } from '../../server/contract/users.ts'
import { readerOf } from '../reader.ts'
import { arrange, type Log, type Shown, showsUnread } from './arrange.ts'

const ANNA = 1
const BARTEK = 2
const me = { id: ANNA, display_name: 'Anna' } as OwnUser
const reader = readerOf({ me, locale: 'pl', zone: 'Europe/Warsaw', sprite: '' })

let id = 0
const message = (sender_id: number, at: string, more: Partial<Shown> = {}) =>
  ({
    id: ++id,
    kind: 'user',
    client_id: null,
    sender_id,
    created_at: `2026-11-${at}:00.000Z`,
    ...more,
  }) as Shown

const log = (messages: Shown[], more: Partial<Log> = {}): Log => ({
  messages,
  hasOlder: true,
  hasNewer: false,
  isGroup: true,
  members: [],
  firstUnreadId: null,
  ...more,
})

/** The log as a string: `--` a day line, `==` the divider, `[` and `]` the start and end of a run. */
function sketch(drawn: Log): string {
  return arrange(drawn, reader)
    .map((item) => {
      if (item.template === 'messages/day') return '--'
      if (item.template === 'messages/unread') return '=='
      if (item.template !== 'messages/message') return item.key
      return `${item.first ? '[' : ''}${item.mine ? 'me' : 'other'}${item.last ? ']' : ''}`
    })
    .join(' ')
}

test('messages from one sender within five minutes form a run', () => {
  const messages = [
    message(BARTEK, '20T10:00'),
    message(BARTEK, '20T10:04'),
    message(BARTEK, '20T10:10'),
    message(ANNA, '20T10:11'),
    message(ANNA, '20T10:11'),
  ]
  expect(sketch(log(messages))).toBe('older -- [other other] [other] [me me]')
})

test("days change at the reader's midnight and end a run", () => {
  // 22:59 and 23:01 UTC are on either side of midnight in Warsaw in November.
  expect(sketch(log([message(BARTEK, '19T22:59'), message(BARTEK, '19T23:01')]))).toBe(
    'older -- [other] -- [other]',
  )
})

test('a system line is not part of a run', () => {
  const messages = [
    message(ANNA, '20T10:00'),
    message(ANNA, '20T10:01', { kind: 'system' }),
    message(ANNA, '20T10:02'),
  ]
  expect(sketch(log(messages))).toBe('older -- [me] [me] [me]')
})

test('the divider stands above the first unread message, and stays when that is deleted', () => {
  const messages = [
    message(BARTEK, '20T10:00'),
    message(BARTEK, '20T10:01'),
    message(ANNA, '20T10:02'),
    message(BARTEK, '20T10:03', { is_deleted: true }),
  ]
  const ids = messages.map((each) => each.id)
  const unreadFrom = (firstUnreadId: number | null) => sketch(log(messages, { firstUnreadId }))
  expect(unreadFrom(ids[1]!)).toBe('older -- [other] == [other] [me] [other]')
  expect(unreadFrom(ids[3]!)).toBe('older -- [other other] [me] == [other]')
  expect(unreadFrom(ids[0]!)).toBe('older -- == [other other] [me] [other]')
  expect(unreadFrom(ids[0]! - 1)).toBe('older -- [other other] [me] [other]')
  expect(unreadFrom(null)).toBe('older -- [other other] [me] [other]')
})

test.each([
  ['nothing is unread', null, true, true],
  ['it is in the page with something before it', 106, true, true],
  ['it is the first of the page, and there is more before it', 101, true, false],
  ['there is too little before it', 104, true, false],
  ['it is the very first', 101, false, true],
  ['it is not in the page', 99, true, false],
  ['it is newer than the page', 120, false, false],
])('whether a page shows the first unread message: %s', (_, firstUnreadId, has_more, expected) => {
  const messages = Array.from({ length: 10 }, (_, i) => message(BARTEK, '20T10:00', { id: 101 + i }))
  const page = { messages, has_more, next_cursor: null, seq: 1 }
  expect(showsUnread(page, firstUnreadId)).toBe(expected)
})

test('an empty conversation has an empty state', () => {
  expect(sketch(log([], { hasOlder: false }))).toBe('empty')
})

test('in a 1:1, receipts show how far the other person has read', () => {
  const messages = [1, 2, 3].map(() => message(ANNA, '20T10:00'))
  messages.push(message(ANNA, '20T10:01', { id: 0, client_id: 'x', outgoing: 'sending' }))
  const [read, delivered] = messages.map((each) => each.id)
  const other = {
    user_id: BARTEK,
    last_read_message_id: read,
    last_delivered_message_id: delivered,
  } as Member
  const receipts = (isGroup: boolean) =>
    arrange(log(messages, { isGroup, members: [other] }), reader).flatMap((item) =>
      item.template === 'messages/message' ? item.receipt?.state : [],
    )
  expect(receipts(false)).toEqual(['read', 'delivered', 'sent', 'sending'])
  expect(receipts(true)).toEqual(['sent', 'sent', 'sent', 'sending'])
})

test('a message of mine keeps its key when the server has stored it', () => {
  const sending = message(ANNA, '20T10:00', { id: 0, client_id: 'abc', outgoing: 'sending' })
  const stored = message(ANNA, '20T10:00', { client_id: 'abc' })
  const key = (shown: Shown) => arrange(log([shown]), reader).at(-1)?.key
  expect(key(sending)).toBe(key(stored))
})
