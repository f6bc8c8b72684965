import { expect, test } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import { actionsFor } from './actions.ts'

const ANNA = 1
const BARTEK = 2
const now = Date.parse('2026-11-20T12:00:00.000Z')

const message = (more: Partial<Message> = {}) =>
  ({
    id: 7,
    kind: 'user',
    sender_id: ANNA,
    content_text: 'a',
    created_at: '2026-11-20T11:00:00.000Z',
    ...more,
  }) as Message

const all = ['reply', 'react', 'forward', 'pin', 'edit', 'delete', 'copy']

test.each([
  ['one’s own message', message(), all],
  ['someone else’s message', message({ sender_id: BARTEK }), ['reply', 'react', 'forward', 'pin', 'copy']],
  [
    'one’s own after the edit window',
    message({ created_at: '2026-11-19T11:59:00.000Z' }),
    all.filter((each) => each !== 'edit'),
  ],
  ['a pinned message', message({ is_pinned: true }), all.map((each) => (each === 'pin' ? 'unpin' : each))],
  [
    'a poll',
    message({ kind: 'poll', poll: {} as Message['poll'] & object }),
    all.filter((each) => each !== 'edit'),
  ],
  ['a picture without text', message({ content_text: '' }), all.filter((each) => each !== 'copy')],
  ['a deleted message', message({ is_deleted: true }), []],
  ['a system line', message({ kind: 'system' }), []],
  ['a message on its way', message({ id: 0 }), []],
])('the actions for %s', (_what, given, actions) => {
  expect(actionsFor(given, ANNA, now)).toEqual(actions)
})
