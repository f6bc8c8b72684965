import { expect, test } from 'vitest'
import { notifies } from './notifies.ts'

const me = { id: 1, quiet_hours: null }
const night = { from: '22:00', to: '07:00', time_zone: 'UTC' }
const evening = new Date('2026-03-02T21:00:00Z')
const late = new Date('2026-03-02T23:00:00Z')
const message = { kind: 'user' as const, sender_id: 2, is_deleted: false }
const group = { notify: 'all' as const, is_group: true }
const direct = { notify: 'all' as const, is_group: false }
const mentions = { ...group, notify: 'mentions' as const }
const none = { ...group, notify: 'none' as const }

test.each([
  ['a message in a group', message, group, me, false, true],
  ['a message in a 1:1', message, direct, me, false, true],
  ['one’s own, from another device', { ...message, sender_id: 1 }, group, me, false, false],
  ['a system line', { ...message, kind: 'system' as const }, group, me, false, false],
  ['a deleted one', { ...message, is_deleted: true }, group, me, false, false],
  ['a message in a group of which only mentions count', message, mentions, me, false, false],
  ['a mention there', message, mentions, me, true, true],
  ['a message in a muted group', message, none, me, false, false],
  ['a mention there, too', message, none, me, true, false],
  ['a message in a muted 1:1', message, { ...direct, notify: 'mentions' as const }, me, false, false],
  ['a message before the quiet hours', message, group, { ...me, quiet_hours: night }, false, true, evening],
  ['a message in quiet hours', message, group, { ...me, quiet_hours: night }, false, false, late],
  ['a mention in quiet hours', message, group, { ...me, quiet_hours: night }, true, false, late],
])('of %s', (_, message, conversation, me, isMention, told, at = evening) => {
  expect(notifies(message, conversation, me, isMention, at)).toBe(told)
})
