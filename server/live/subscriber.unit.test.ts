import { expect, test } from 'vitest'
import type { Stream } from './stream.ts'
import { Subscriber } from './subscriber.ts'

/** A user with so many streams, and what each of these was sent. */
function subscriberWith(streams: number) {
  const subscriber = new Subscriber()
  const sent: string[][] = Array.from({ length: streams }, () => [])
  for (const own of sent)
    subscriber.streams.add({ send: (frame: Buffer) => own.push(`${frame}`) } as unknown as Stream)
  const change = (seq: number, conversationId = 7) =>
    subscriber.sendChange(Buffer.from(`change ${seq}`), { conversationId, seq })
  return { subscriber, sent, change }
}

const [joined, left] = [Buffer.from('joined'), Buffer.from('left')]

test('a change reaches all streams; without streams it reaches nobody', () => {
  const two = subscriberWith(2)
  expect(two.change(6)).toBe(true)
  expect(two.sent).toEqual([['change 6'], ['change 6']])
  expect(subscriberWith(0).change(6)).toBe(false)
})

test('who has left gets nothing from before that, also when it comes late; and everything once they are a member again', () => {
  const { subscriber, sent, change } = subscriberWith(1)
  subscriber.leave(7, 6, left)
  expect([change(5), change(6), change(5, 8)]).toEqual([false, false, true])
  subscriber.join(7, 9, joined)
  expect([change(8), change(9), change(10)]).toEqual([false, false, true])
  expect(sent).toEqual([['left', 'change 5', 'joined', 'change 10']])
})

test.each([
  ['nothing', [], [false, false]],
  ['that they left', ['leave'], [false, true]],
  ['that they joined', ['join'], [true, false]],
] as const)('it knows of a membership what was written last: %s', (_, done, [member, gone]) => {
  const { subscriber } = subscriberWith(1)
  for (const each of done) subscriber[each](7, 6, left)
  expect([subscriber.knows(7, true, 6), subscriber.knows(7, false, 6)]).toEqual([member, gone])
})

test('what is older than what was written is known, whatever it says', () => {
  const { subscriber } = subscriberWith(1)
  subscriber.join(7, 6, joined)
  expect([
    subscriber.knows(7, false, 5),
    subscriber.knows(7, false, 6),
    subscriber.knows(7, false, 7),
  ]).toEqual([true, false, false])
})

test('what was written is forgotten after a while', () => {
  const { subscriber, change } = subscriberWith(1)
  subscriber.leave(7, 6, left)
  subscriber.forgetOld(Date.now() + 59_000)
  expect([subscriber.knows(7, false, 6), change(6)]).toEqual([true, false])
  subscriber.forgetOld(Date.now() + 61_000)
  expect([subscriber.knows(7, false, 6), change(6)]).toEqual([false, true])
})
