import { expect, test } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import type { Poll } from '../../server/contract/polls.ts'
import type { User } from '../../server/contract/users.ts'
import { voted, withKnownVotes } from './voted.ts'

const anna = { id: 1, display_name: 'Anna' } as User
const options = [1, 2, 3].map((id) => ({ id, text: `${id}`, count: 1 }))
const message = (more: Partial<Poll>) =>
  ({ poll: { options, is_secret: true, voter_count: 2, my_votes: [1], ...more } }) as Message
const counts = ({ poll }: Message) => [...poll!.options.map(({ count }) => count), poll!.voter_count]

test('a vote replaces the one before it, and taken back counts no more', () => {
  expect(counts(voted(message({}), [2, 3], anna))).toEqual([0, 2, 2, 2])
  expect(counts(voted(message({}), [], anna))).toEqual([0, 1, 1, 1])
  expect(counts(voted(message({ my_votes: [] }), [1], anna))).toEqual([2, 1, 1, 3])
  const twice = voted(voted(message({}), [2], anna), [1], anna)
  expect(twice).toEqual(message({}))
})

test('in an open poll the voter is named', () => {
  const bartek = { user_id: 2, user_name: 'Bartek' }
  const open = options.map((option) => ({ ...option, voters: [bartek] }))
  const after = voted(message({ is_secret: false, options: open, my_votes: [] }), [2], anna)
  expect(after.poll!.options[1]!.voters).toEqual([bartek, { user_id: 1, user_name: 'Anna' }])
  expect(voted(after, [], anna).poll!.options[1]).toMatchObject({ count: 1, voters: [bartek] })
})

test('what all members are told leaves one’s own votes as they were known', () => {
  const { my_votes: _, ...poll } = message({}).poll!
  const told = { poll } as Message
  expect(withKnownVotes(told, message({ my_votes: [3] })).poll!.my_votes).toEqual([3])
  expect(withKnownVotes(message({ my_votes: [2] }), message({})).poll!.my_votes).toEqual([2])
  expect(withKnownVotes(told, { content: 'x' } as Message)).toBe(told)
})
