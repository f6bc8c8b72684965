import { expect, test } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import type { Poll } from '../../server/contract/polls.ts'
import { voted } from './voted.ts'

const options = [1, 2, 3].map((id) => ({ id, text: `${id}`, count: 1 }))
const message = (more: Partial<Poll>) =>
  ({ poll: { options, is_secret: true, voter_count: 2, my_votes: [1], ...more } }) as Message
const counts = ({ poll }: Message) => [...poll!.options.map(({ count }) => count), poll!.voter_count]

test('a vote replaces the one before it, and taken back counts no more', () => {
  expect(counts(voted(message({}), [2, 3]))).toEqual([0, 2, 2, 2])
  expect(counts(voted(message({}), []))).toEqual([0, 1, 1, 1])
  expect(counts(voted(message({ my_votes: [] }), [1]))).toEqual([2, 1, 1, 3])
  const twice = voted(voted(message({}), [2]), [1])
  expect(twice).toEqual(message({}))
})
