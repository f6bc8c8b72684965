import { expect, test } from 'vitest'
import type { Message } from '../contract/messages.ts'
import { readCursor, writeCursor } from './cursor.ts'
import {
  change,
  conversationRemoved,
  cutEnvelope,
  decode,
  type Envelope,
  encode,
  fingerprint,
  frame,
  hangUpEnvelope,
  newMessage,
  publicationOf,
  signal,
} from './envelope.ts'

const message = { id: 678, conversation_id: 12, seq: 345, sender_id: 9, content: 'ż\u2028' } as Message
const deleted = { conversation_id: 12, seq: 345, message_id: 678 }
const transactions = { xid: 1001, previousXid: 1000 }

const envelopes: [what: string, envelope: Envelope, header: object, frame: string][] = [
  [
    'a new message',
    newMessage(message, transactions),
    { kind: 'change', conversationId: 12, seq: 345, message: { id: 678, senderId: 9 }, ...transactions },
    `${frame('new_message', { conversation_id: 12, seq: 345, message })}`,
  ],
  [
    'another change',
    change('message_deleted', deleted),
    { kind: 'change', conversationId: 12, seq: 345 },
    'event: message_deleted\ndata: {"conversation_id":12,"seq":345,"message_id":678}\n\n',
  ],
  [
    'a removal',
    conversationRemoved(12, 345),
    { kind: 'removed', conversationId: 12, seq: 345 },
    'event: conversation_removed\ndata: {"conversation_id":12}\n\n',
  ],
  ['a signal', signal('resync', {}), { kind: 'signal' }, 'event: resync\ndata: {}\n\n'],
  ['the end of a session', hangUpEnvelope('5f2a'), { kind: 'hang-up', session: '5f2a' }, ''],
  ['the end of a stream', cutEnvelope('0b1c'), { kind: 'cut', streamId: '0b1c' }, ''],
]

test.each(envelopes)('%s survives its way to another process', (_, envelope, header, written) => {
  const received = decode(encode(publicationOf([1, 20, 300], envelope)))
  expect(received.header).toEqual(header)
  expect(received.parts.map(({ userIds, frame }) => [userIds, `${frame}`])).toEqual([[[1, 20, 300], written]])
})

test('so does what each recipient sees in another way', () => {
  const parts = ['żółw', '', 'x\n\ny'].map((text, i) => ({ userIds: [i], frame: Buffer.from(text) }))
  expect(decode(encode({ header: { kind: 'signal' }, parts })).parts).toEqual(parts)
})

test('only a stable fingerprint of a session is sent', () => {
  expect(fingerprint('secret')).toMatch(/^[\w-]{43}$/)
  expect(fingerprint('secret')).toBe(fingerprint('secret'))
  expect(fingerprint('secret')).not.toBe(fingerprint('Secret'))
})

test('a cursor survives encoding and decoding', () => {
  const cursor = { epoch: '0a1b2c3d', xmin: 123_456_789_012_345_678n, time: 1_763_000_000_123 }
  expect(writeCursor(cursor)).toMatch(/^0a1b2c3d-123456789012345678-[0-9a-z]+$/)
  expect(readCursor(writeCursor(cursor))).toEqual(cursor)
})

test.each([
  '',
  '0a1b2c3d',
  '0a1b2c3d-1',
  '0a1b2c3d--a',
  '0a1b2c3d-1-',
  '-1-a',
  '0A1B2C3D-1-a',
  '0a1b2c3-1-a',
  '0a1b2c3d4-1-a',
  'x0a1b2c3d-1-a',
  '0a1b2c3d-x-a',
  '0a1b2c3d-1-A',
  '0a1b2c3d-1-a ',
  '0a1b2c3d-1-a-b',
  '0a1b2c3d-1234567890123456789-a',
  '0a1b2c3d-1-0123456789',
])('%j is no cursor', (text) => {
  expect(readCursor(text)).toBeUndefined()
})
