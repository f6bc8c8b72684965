import { createHash } from 'node:crypto'
import type { EventName, Events } from '../contract/events.ts'
import type { Message } from '../contract/messages.ts'

/**
 * What the bus carries: one header line, then a frame of the event stream, encoded once when it is published and
 * written to every stream as it is. Never rename the words
 * of the header: during an upgrade older workers read them.
 *
 *     change 12 345 ⏎ event: message_edited ⏎ data: {…} ⏎⏎       seq 345 of conversation 12
 *     change 12 345 678 9 ⏎ event: new_message ⏎ data: {…} ⏎⏎    the same, new message 678 of user 9
 *     member 12 345 ⏎ event: conversation_updated ⏎ data: {…} ⏎⏎ the member's own view of 12, true at 345
 *     removed 12 ⏎ event: conversation_removed ⏎ data: {…} ⏎⏎    the user is no member of 12 any more
 *     signal ⏎ event: typing ⏎ data: {…} ⏎⏎                      has no place in a sequence
 *     hang-up 5f2a… ⏎                                            the streams of this session end
 *     cut 0b1c… ⏎                                                this stream ends, to make room for others
 */
export type Header =
  | {
      kind: 'change'
      conversationId: number
      seq: number
      /** Of a new message. */
      message: { id: number; senderId: number } | undefined
    }
  | { kind: 'member'; conversationId: number; seq: number }
  | { kind: 'removed'; conversationId: number }
  | { kind: 'signal' }
  | { kind: 'hang-up'; session: string }
  | { kind: 'cut'; streamId: string }

export const frame = <E extends EventName>(event: E, data: Events[E]) =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

export const change = <E extends EventName>(
  event: E,
  data: Events[E] & { conversation_id: number; seq: number },
) => Buffer.from(`change ${data.conversation_id} ${data.seq}\n${frame(event, data)}`)

/** A conversation as one member sees it: they joined it, or changed their own settings in it. */
export const memberChange = (data: Events['conversation_updated']) =>
  Buffer.from(`member ${data.conversation_id} ${data.seq}\n${frame('conversation_updated', data)}`)

export function newMessage(message: Message): Buffer {
  const { id, conversation_id, seq, sender_id } = message
  const event = frame('new_message', { conversation_id, seq, message })
  return Buffer.from(`change ${conversation_id} ${seq} ${id} ${sender_id}\n${event}`)
}

export const conversationRemoved = (conversationId: number) =>
  Buffer.from(
    `removed ${conversationId}\n${frame('conversation_removed', { conversation_id: conversationId })}`,
  )

/** An event that takes no `seq`, such as a read position: it has an id but no place in the sequence. */
export const signal = <E extends EventName>(event: E, data: Events[E]) =>
  Buffer.from(`signal\n${frame(event, data)}`)

/** @param session the fingerprint of a session */
export const hangUpEnvelope = (session: string) => Buffer.from(`hang-up ${session}\n`)

export const cutEnvelope = (streamId: string) => Buffer.from(`cut ${streamId}\n`)

/** Session ids are secrets: they never travel or stay in memory as they are. */
export const fingerprint = (sessionId: string) => createHash('sha256').update(sessionId).digest('base64url')

/** Takes an envelope apart; the frame shares the envelope's memory. */
export function open(envelope: Buffer): { header: Header; frame: Buffer } {
  const end = envelope.indexOf(10)
  const [kind, first = '', second = '', id, sender] = envelope.toString('latin1', 0, end).split(' ')
  const frame = envelope.subarray(end + 1)
  if (kind === 'change') {
    const message = id ? { id: Number(id), senderId: Number(sender) } : undefined
    return { header: { kind, conversationId: Number(first), seq: Number(second), message }, frame }
  }
  if (kind === 'member')
    return { header: { kind, conversationId: Number(first), seq: Number(second) }, frame }
  if (kind === 'removed') return { header: { kind, conversationId: Number(first) }, frame }
  if (kind === 'cut') return { header: { kind, streamId: first }, frame }
  if (kind === 'hang-up') return { header: { kind, session: first }, frame }
  return { header: { kind: 'signal' }, frame }
}
