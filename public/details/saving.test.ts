import { beforeEach, expect, test, vi } from 'vitest'
import { type Conversation, OwnSettings } from '../../server/contract/conversations.ts'
import type { Conversations } from '../conversations/conversations.ts'

const setOwnAtServer = vi.fn(async (id: number, _: OwnSettings) => ({ conversation: { id } as Conversation }))
vi.mock('../api.ts', () => ({ api: { setOwn: setOwnAtServer } }))
vi.mock('../page.ts', () => ({ reader: { t: (text: string) => text } }))
vi.mock('../notice.ts', () => ({ showNotice: vi.fn() }))
const { setOwn } = await import('./saving.ts')

const conversation = { id: 1 } as Conversation
const conversations = { patch: () => {}, put: () => {} } as unknown as Conversations
const in1Hour = '2126-11-30T15:00:00.000Z'
const mute1Hour = { is_muted: true, muted_until: in1Hour }

beforeEach(() => void setOwnAtServer.mockClear())

test.each<[string, OwnSettings, OwnSettings, OwnSettings]>([
  ['mute and unmute', mute1Hour, { is_muted: false }, { is_muted: false, muted_until: null }],
  ['mute and mute for good', mute1Hour, { is_muted: true }, { is_muted: true, muted_until: null }],
  ['mute and notify of all', mute1Hour, { notify: 'all' }, { notify: 'all', muted_until: null }],
  ['mute and notify of nothing', mute1Hour, { notify: 'none' }, { notify: 'none', muted_until: null }],
  [
    'notify of mentions and unmute',
    { notify: 'mentions' },
    { is_muted: false },
    { is_muted: false, muted_until: null },
  ],
  ['notify of all and mute', { notify: 'all' }, mute1Hour, mute1Hour],
  ['pin and archive', { is_pinned: true }, { is_archived: true }, { is_archived: true, is_pinned: false }],
  ['archive and pin', { is_archived: true }, { is_pinned: true }, { is_archived: false, is_pinned: true }],
  ['pin and unpin', { is_pinned: true }, { is_pinned: false }, { is_archived: false, is_pinned: false }],
  ['mute and pin', mute1Hour, { is_pinned: true }, { ...mute1Hour, is_archived: false, is_pinned: true }],
])('of two choices in a row, the later one undoes the earlier: %s', async (_, first, second, sent) => {
  await Promise.all([setOwn(conversations, conversation, first), setOwn(conversations, conversation, second)])
  expect(setOwnAtServer).toHaveBeenCalledTimes(2)
  expect(setOwnAtServer.mock.lastCall?.[1]).toEqual(sent)
  for (const [, body] of setOwnAtServer.mock.calls) expect(OwnSettings.safeParse(body).success).toBe(true)
})
