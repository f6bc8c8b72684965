import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Conversation } from '../contract/conversations.ts'
import type { Message } from '../contract/messages.ts'
import { change, conversationRemoved, memberChange, newMessage, signal } from './envelope.ts'
import type { Source } from './source.ts'
import type { Stream } from './stream.ts'
import { Subscriber } from './subscriber.ts'

const me = 1
const message = (seq: number, sender_id: number): Buffer =>
  newMessage({ id: 100 + seq, conversation_id: 7, seq, sender_id } as Message)

/** A user who stands at 5 in conversation 7, with so many streams, and what these were sent. */
async function subscriberWith(streams: number, isKnown = Promise.resolve()) {
  const source = {
    positions: () => isKnown.then(() => new Map([[7, 5]])),
    changesAfter: async () => undefined,
  } as unknown as Source
  const delivered: number[] = []
  const shared = {
    source,
    delivered: (_userId: number, _conversationId: number, messageId: number) => delivered.push(messageId),
  }
  const subscriber = new Subscriber(me, Promise.resolve(), shared)
  const sent: string[][] = Array.from({ length: streams }, () => [])
  for (const own of sent)
    subscriber.streams.add({
      send: (frame: Buffer) => own.push(`${frame}`.split('\n')[0]!),
    } as unknown as Stream)
  return { subscriber, sent, delivered }
}

test('someone else’s message that reaches a stream counts as delivered', async () => {
  const { subscriber, sent, delivered } = await subscriberWith(2)
  await subscriber.ready
  subscriber.receive(message(6, 2))
  expect(sent).toEqual([['event: new_message'], ['event: new_message']])
  expect(delivered).toEqual([106])
})

test('a user’s own message is written to their other devices, without counting as delivered', async () => {
  const { subscriber, sent, delivered } = await subscriberWith(1)
  await subscriber.ready
  subscriber.receive(message(6, me))
  expect(sent).toEqual([['event: new_message']])
  expect(delivered).toEqual([])
})

test('what reaches no stream does not count as delivered, nor do events that are not messages', async () => {
  const nobody = await subscriberWith(0)
  await nobody.subscriber.ready
  nobody.subscriber.receive(message(6, 2))
  expect(nobody.delivered).toEqual([])
  const { subscriber, sent, delivered } = await subscriberWith(1)
  await subscriber.ready
  subscriber.receive(change('message_deleted', { conversation_id: 7, seq: 6, message_id: 3 }))
  expect(sent).toEqual([['event: message_deleted']])
  expect(delivered).toEqual([])
})

test('what arrives before the positions are known is written afterwards, in order and once', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { subscriber, sent } = await subscriberWith(1, promise)
  subscriber.receive(signal('resync', {}))
  subscriber.receive(message(5, 2))
  subscriber.receive(message(6, 2))
  await sleep(5)
  expect(sent).toEqual([[]])
  resolve()
  await subscriber.ready
  subscriber.receive(message(6, 2))
  expect(sent).toEqual([['event: resync', 'event: new_message']])
})

test('a removed user gets nothing more of the conversation until they join it again', async () => {
  const { subscriber, sent } = await subscriberWith(1)
  await subscriber.ready
  subscriber.receive(conversationRemoved(7))
  subscriber.receive(message(6, 2))
  await sleep(50)
  expect(sent).toEqual([['event: conversation_removed']])
  const conversation = { id: 7 } as Conversation
  subscriber.receive(memberChange({ conversation_id: 7, seq: 8, conversation }))
  await expect.poll(() => sent[0]).toHaveLength(2)
  subscriber.receive(message(9, 2))
  expect(sent[0]).toEqual([
    'event: conversation_removed',
    'event: conversation_updated',
    'event: new_message',
  ])
})

test('a user found not to be a member is removed once', async () => {
  const { subscriber, sent } = await subscriberWith(1)
  await subscriber.ready
  subscriber.leave(7)
  subscriber.leave(7)
  subscriber.leave(8)
  expect(sent).toEqual([['event: conversation_removed']])
})
