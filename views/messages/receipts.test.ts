import { expect, test } from 'vitest'
import type { Member } from '../../server/contract/conversations.ts'
import type { OwnUser } from '../../server/contract/users.ts'
import { readerOf } from '../reader.ts'
import { readersOf, receiptLines, receiptOf, type Shown } from './receipts.ts'

const [ANNA, BARTEK, CELINA, DAWID] = [1, 2, 3, 4]
const at = (minute: string) => `2020-11-20T10:${minute}:00.000Z`

const message = (id: number, sender_id = ANNA) =>
  ({ id, sender_id, kind: 'user', created_at: at('00') }) as Shown
const member = (user_id: number, read: number | null, more: Partial<Member> = {}) =>
  ({
    user_id,
    last_read_message_id: read,
    last_read_at: read ? at('30') : null,
    joined_at: at('00'),
    ...more,
  }) as Member

const messages = [message(10), message(11, BARTEK), message(12)]
const readers = (members: Member[], hasNewer = false) =>
  Object.fromEntries(
    [...readersOf({ messages, members, hasNewer }, ANNA)].map(([id, who]) => [
      id,
      who.map((each) => each.user_id),
    ]),
  )

test('each reader appears once, under the newest message they have read', () => {
  expect(readers([member(ANNA, 12), member(BARTEK, 10), member(CELINA, 11), member(DAWID, 12)])).toEqual({
    10: [BARTEK],
    11: [CELINA],
    12: [DAWID],
  })
})

test('no reader appears under their own message, before reading, or beyond the loaded messages', () => {
  const newcomer = member(DAWID, 12, { last_read_at: null })
  expect(readers([member(BARTEK, 11), member(CELINA, 9), newcomer])).toEqual({})
  expect(readers([member(CELINA, 20)])).toEqual({ 12: [CELINA] })
  expect(readers([member(CELINA, 20)], true)).toEqual({})
})

test('a group of more than a hundred members has no receipts', () => {
  const members = Array.from({ length: 101 }, (_, i) => member(100 + i, 12))
  expect(readers(members)).toEqual({})
})

test('a message read together with later ones has only a latest time of reading', () => {
  const reader = readerOf({ me: { id: ANNA } as OwnUser, locale: 'pl', zone: 'UTC', sprite: '' })
  const lines = (id: number) => {
    const receipt = receiptOf(message(id), [member(BARTEK, 12)], false)
    return receiptLines({ message: message(id), receipt }, reader)
  }
  expect(lines(12)).toEqual(['Wysłano: 20 lis 2020, 10:00', 'Przeczytano: 20 lis 2020, 10:30'])
  expect(lines(10)).toEqual(['Wysłano: 20 lis 2020, 10:00', 'Przeczytano najpóźniej: 20 lis 2020, 10:30'])
})
