import { beforeEach, expect, test, vi } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import type { Poll } from '../../server/contract/polls.ts'
import type { Host } from '../messages/host.ts'
import { withOwn } from '../messages/own.ts'

const ask = vi.fn()
const sendVotes = vi.fn(async (id: number, my_votes: number[]) => ({ message: told(id, { my_votes }) }))
vi.mock('../api.ts', () => ({ api: { messages: ask, vote: sendVotes } }))
vi.mock('../page.ts', () => ({ reader: { t: (text: string) => text } }))
vi.mock('../notice.ts', () => ({ showNotice: vi.fn() }))
const { noteVotes, vote } = await import('./vote.ts')

const options = [1, 2, 3, 4].map((id) => ({ id, text: `${id}`, count: 1 }))
const told = (id: number, more: Partial<Poll> = {}) =>
  ({
    id,
    seq: 5,
    conversation_id: 1,
    poll: { options, is_multiple: true, is_secret: true, closes_at: null, voter_count: 9, ...more },
  }) as Message

const host = { patch: () => {} } as unknown as Host
beforeEach(() => {
  ask.mockReset()
  sendVotes.mockClear()
})

test('a poll told of without my own votes keeps those that were known', () => {
  expect(withOwn(told(1), told(1, { my_votes: [2] })).poll!.my_votes).toEqual([2])
  expect(withOwn(told(1, { my_votes: [] }), told(1, { my_votes: [2] })).poll!.my_votes).toEqual([])
  expect(withOwn(told(1), told(1)).poll).not.toHaveProperty('my_votes')
})

test('then, before one more option is chosen, the page asks what was chosen on another device', async () => {
  const known = told(1, { my_votes: [1] })
  noteVotes(told(1))
  ask.mockResolvedValue({ messages: [told(1, { my_votes: [2, 3] })] })
  vote(host, known, 4)
  await vi.waitFor(() => expect(sendVotes).toHaveBeenCalled())
  expect(sendVotes.mock.lastCall).toEqual([1, [2, 3, 4]])
  vote(host, told(1, { my_votes: [2, 3, 4] }), 2)
  expect(ask).toHaveBeenCalledOnce()
})

test('what is wanted is what was seen: chosen there already, it stays chosen', async () => {
  noteVotes(told(2))
  ask.mockResolvedValue({ messages: [told(2, { my_votes: [2, 4] })] })
  vote(host, told(2, { my_votes: [] }), 4)
  await vi.waitFor(() => expect(sendVotes).toHaveBeenCalled())
  expect(sendVotes.mock.lastCall).toEqual([2, [2, 4]])
})

test.each([
  ['its own votes are told', told(3, { my_votes: [1] })],
  ['nobody has voted', told(3, { voter_count: 0 })],
])('where %s, nothing is asked', (_, message) => {
  noteVotes(told(3))
  noteVotes(message)
  vote(host, told(3, { my_votes: [1] }), 2)
  expect(ask).not.toHaveBeenCalled()
  expect(sendVotes.mock.lastCall).toEqual([3, [1, 2]])
})
