import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Conversation } from '../contract/conversations.ts'
import type { Message } from '../contract/messages.ts'
import { Audience, deliveries } from './audience.ts'
import { change, conversationRemoved, memberChange, newMessage, signal } from './envelope.ts'
import { type Source, useSource } from './source.ts'
import type { Stream } from './stream.ts'

const me = 1
const message = (seq: number, sender_id: number): Buffer =>
  newMessage({ id: 100 + seq, conversation_id: 7, seq, sender_id } as Message)

/** Somebody who stands at 5 in conversation 7, with so many streams, and what they were told. */
async function audienceWith(streams: number, isKnown = Promise.resolve()) {
  useSource({
    positions: () => isKnown.then(() => new Map([[7, 5]])),
    changesAfter: async () => undefined,
  } as unknown as Source)
  const audience = new Audience(me, Promise.resolve())
  const told: string[][] = Array.from({ length: streams }, () => [])
  for (const own of told)
    audience.streams.add({
      tell: (frame: Buffer) => own.push(`${frame}`.split('\n')[0]!),
    } as unknown as Stream)
  const delivered: number[] = []
  deliveries.on('delivered', (_userId, _conversationId, messageId) => delivered.push(messageId))
  return { audience, told, delivered }
}

afterEach(() => {
  deliveries.removeAllListeners()
})

test('a message of somebody else that reaches a stream is delivered', async () => {
  const { audience, told, delivered } = await audienceWith(2)
  await audience.ready
  audience.take(message(6, 2))
  expect(told).toEqual([['event: new_message'], ['event: new_message']])
  expect(delivered).toEqual([106])
})

test('one’s own message is shown on one’s other devices, and delivered to nobody by that', async () => {
  const { audience, told, delivered } = await audienceWith(1)
  await audience.ready
  audience.take(message(6, me))
  expect(told).toEqual([['event: new_message']])
  expect(delivered).toEqual([])
})

test('what reaches no stream is not delivered, nor is what is no message', async () => {
  const nobody = await audienceWith(0)
  await nobody.audience.ready
  nobody.audience.take(message(6, 2))
  expect(nobody.delivered).toEqual([])
  const { audience, told, delivered } = await audienceWith(1)
  await audience.ready
  audience.take(change('message_deleted', { conversation_id: 7, seq: 6, message_id: 3 }))
  expect(told).toEqual([['event: message_deleted']])
  expect(delivered).toEqual([])
})

test('what comes before it is known where somebody stands is told then, in its order and once', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { audience, told } = await audienceWith(1, promise)
  audience.take(signal('resync', {}))
  audience.take(message(5, 2))
  audience.take(message(6, 2))
  await sleep(5)
  expect(told).toEqual([[]])
  resolve()
  await audience.ready
  audience.take(message(6, 2))
  expect(told).toEqual([['event: resync', 'event: new_message']])
})

test('who is removed hears nothing more of it, until they come to it again', async () => {
  const { audience, told } = await audienceWith(1)
  await audience.ready
  audience.take(conversationRemoved(7))
  audience.take(message(6, 2))
  await sleep(50)
  expect(told).toEqual([['event: conversation_removed']])
  const conversation = { id: 7 } as Conversation
  audience.take(memberChange({ conversation_id: 7, seq: 8, conversation }))
  await expect.poll(() => told[0]).toHaveLength(2)
  audience.take(message(9, 2))
  expect(told[0]).toEqual([
    'event: conversation_removed',
    'event: conversation_updated',
    'event: new_message',
  ])
})

test('who is found to be no member is told once', async () => {
  const { audience, told } = await audienceWith(1)
  await audience.ready
  audience.lose(7)
  audience.lose(7)
  audience.lose(8)
  expect(told).toEqual([['event: conversation_removed']])
})
