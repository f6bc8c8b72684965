import { expect, test } from 'vitest'
import { Memberships } from './memberships.ts'

test('a change from before they left or joined does not concern them, and every later one does', () => {
  const memberships = new Memberships()
  const concerns = (seqs: number[], conversationId = 7, userId = 1) =>
    seqs.map((seq) => !memberships.unconcerned(conversationId, seq)?.has(userId))
  expect(concerns([0, 6])).toEqual([true, true])
  memberships.note(7, 1, false, 6)
  expect(concerns([0, 5, 6, 7])).toEqual([false, false, false, true])
  expect([concerns([5], 8), concerns([5], 7, 2)]).toEqual([[true], [true]])
  memberships.note(7, 1, true, 9)
  expect(concerns([8, 9, 10])).toEqual([false, false, true])
})

test.each([
  ['nothing', undefined, [false, false]],
  ['that they left', false, [false, true]],
  ['that they joined', true, [true, false]],
] as const)('it knows what was heard last: %s', (_, isMember, [member, gone]) => {
  const memberships = new Memberships()
  if (isMember !== undefined) memberships.note(7, 1, isMember, 6)
  expect([memberships.knows(7, 1, true, 6), memberships.knows(7, 1, false, 6)]).toEqual([member, gone])
  expect([memberships.knows(8, 1, true, 6), memberships.knows(7, 2, false, 6)]).toEqual([false, false])
})

test('what is older than what was heard is known, whatever it says', () => {
  const memberships = new Memberships()
  memberships.note(7, 1, true, 6)
  expect([5, 6, 7].map((seq) => memberships.knows(7, 1, false, seq))).toEqual([true, false, false])
})

test('what was heard is forgotten after a minute', () => {
  const memberships = new Memberships()
  memberships.note(7, 1, false, 6)
  const isForgotten = () => [!memberships.knows(7, 1, false, 6), !memberships.unconcerned(7, 6)]
  memberships.forgetOld(Date.now() + 59_000)
  expect(isForgotten()).toEqual([false, false])
  memberships.forgetOld(Date.now() + 61_000)
  expect(isForgotten()).toEqual([true, true])
})
