import { expect, test } from 'vitest'
import type { Conversation } from '../server/contract/conversations.ts'
import type { Message } from '../server/contract/messages.ts'
import { judge } from './oracle.ts'
import type { Entry } from './sender.ts'
import { View } from './view.ts'

const conversation = { id: 1, name: 'Group', seq: 0 } as Conversation
const message = (id: number, seq = id) =>
  ({ id, conversation_id: 1, seq, content: `nr ${id}`, reactions: [] }) as unknown as Message
const stored = (id: number, seq = id) => ({
  ...{ id, seq, talkId: 1, clientId: `client ${id}`, content: `nr ${id}` },
  reactions: new Set<string>(),
})
const received = (id: number, seq = id) => ({
  event: 'message_updated' as const,
  data: { conversation_id: 1, seq, message: message(id, seq) },
})

/** What is found when a reader received these events, and these messages are stored. */
function found(events: ReturnType<typeof received>[], messages: ReturnType<typeof stored>[]) {
  const view = new View()
  view.load(conversation, [], 0)
  for (const event of events) view.apply(event)
  const entries = messages.map(({ id, clientId }) => ({ clientId, talk: { id: 1 }, ids: new Set([id]) }))
  const truth = { messages, names: new Map([[1, 'Group']]) }
  const readers = [{ name: 'reader', view, talkIds: [1] }]
  const { details: _, ...counted } = judge(truth, readers, entries as unknown as Entry[])
  return counted
}

const well = { lost: 0, ghosts: 0, outOfOrder: 0, gaps: 0, doubled: 0 }

test('everything in order is fine, and so are duplicates', () => {
  expect(found([received(1), received(2), received(1), received(2)], [stored(1), stored(2)])).toEqual(well)
})

test('a seq that a later change took over may be skipped', () => {
  expect(found([received(2), received(1, 3)], [stored(2), stored(1, 3)])).toEqual(well)
})

test('a skipped seq is a gap, and what is never received is lost', () => {
  expect(found([received(1), received(3)], [stored(1), stored(2), stored(3)])).toEqual({
    ...well,
    lost: 1,
    gaps: 1,
  })
})

test('an event after a later one is out of order', () => {
  const counted = found([received(1), received(3), received(2)], [stored(1), stored(2), stored(3)])
  expect(counted).toEqual({ ...well, lost: 1, gaps: 1, outOfOrder: 1 })
})

test('one seq for two changes is out of order', () => {
  expect(found([received(1), received(2, 1)], [stored(1)])).toMatchObject({ outOfOrder: 1 })
})

test('a change that was not received is lost', () => {
  expect(found([received(1)], [stored(1, 2)])).toMatchObject({ lost: 1 })
})

test('an acknowledged message that is not stored is lost; one stored twice is doubled', () => {
  const view = new View()
  const entries = [{ clientId: 'a', talk: { id: 1 }, ids: new Set([7]) }] as unknown as Entry[]
  expect(judge({ messages: [], names: new Map() }, [], entries).lost).toBe(1)
  const twice = { messages: [7, 8].map((id) => ({ ...stored(id), clientId: 'a' })), names: new Map() }
  expect(judge(twice, [{ name: 'reader', view, talkIds: [] }], entries).doubled).toBe(1)
})

test('what a restore removed need not be received, and is a ghost when still shown', () => {
  const ledger = (ids: number[]) =>
    [{ clientId: 'a', talk: { id: 1 }, ids: new Set(ids) }] as unknown as Entry[]
  const gone = new Map([['a', new Set([7])]])
  const none = { messages: [], names: new Map([[1, 'Group']]) }
  expect(judge(none, [], ledger([7]), gone).lost).toBe(0)
  // Sent again after the restore, acknowledged, and gone nevertheless.
  expect(judge(none, [], ledger([7, 8]), gone).lost).toBe(1)
  const view = new View()
  view.load(conversation, [message(7)], 7)
  const readers = [{ name: 'reader', view, talkIds: [1] }]
  expect(judge(none, readers, ledger([7]), gone)).toMatchObject({ lost: 0, ghosts: 1 })
  view.startAfresh(true)
  view.load(conversation, [], 0)
  expect(judge(none, readers, ledger([7]), gone)).toMatchObject({ lost: 0, ghosts: 0 })
})
