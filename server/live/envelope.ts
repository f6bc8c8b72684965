import { createHash } from 'node:crypto'
import type { EventName, Events } from '../contract/events.ts'
import type { Message } from '../contract/messages.ts'

/** What a worker has to know of an event, to write it in its place. */
type Header =
  | ChangeHeader
  | MemberHeader
  /** The users are no members any more, since `seq`. */
  | { kind: 'removed'; conversationId: number; seq: number }
  /** Has no place in a sequence. */
  | { kind: 'signal' }
  /** The streams of this session end. */
  | { kind: 'hang-up'; session: string }
  /** This stream ends, to make room for others. */
  | { kind: 'cut'; streamId: string }

/** A change of a conversation that all its members hear of. */
export interface ChangeHeader extends Partial<Transactions> {
  kind: 'change'
  conversationId: number
  seq: number
  /** Of a new message. */
  message?: { id: number; senderId: number }
}

/** A conversation as one member sees it, true at `seq`. */
export interface MemberHeader {
  kind: 'member'
  conversationId: number
  seq: number
  /** They have just become a member. */
  isJoin: boolean
  /** So has everybody: the conversation was just created. */
  isNew: boolean
}

/** PostgreSQL's numbers of the transaction that made a change, and of the one that made the change before it. */
export interface Transactions {
  xid: number
  previousXid: number
}

/** An event, encoded once when it is published: the frame is written to every stream as it is. */
export interface Envelope {
  header: Header
  frame: Buffer
  /** Of recipients who get a frame of their own instead; of others nothing comes of it. */
  own?: Publication['parts']
}

export function publicationOf(
  recipients: readonly number[],
  { header, frame, own = [] }: Envelope,
): Publication {
  if (own.length === 0) return { header, parts: [{ userIds: recipients, frame }] }
  const left = new Set(recipients)
  const parts = own.map(({ userIds, frame }) => ({ userIds: userIds.filter((id) => left.delete(id)), frame }))
  return {
    header,
    parts: [{ userIds: [...left], frame }, ...parts].filter((part) => part.userIds.length > 0),
  }
}

/** What the bus carries: one event, with a frame for all of its recipients, or one for each. */
export interface Publication<H extends Header = Header> {
  header: H
  /** When it was handed to the bus, in ms since 1970; of what was found in the database nobody knows. */
  at?: number | undefined
  parts: { userIds: readonly number[]; frame: Buffer }[]
}

export const frame = <E extends EventName>(event: E, data: Events[E]) =>
  Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

export const change = <E extends EventName>(
  event: E,
  data: Events[E] & { conversation_id: number; seq: number },
  transactions?: Transactions,
): { header: ChangeHeader; frame: Buffer } => ({
  header: { kind: 'change', conversationId: data.conversation_id, seq: data.seq, ...transactions },
  frame: frame(event, data),
})

export function newMessage(message: Message, transactions?: Transactions) {
  const { id, conversation_id, seq, sender_id } = message
  const { header, frame } = change('new_message', { conversation_id, seq, message }, transactions)
  return { header: { ...header, message: { id, senderId: sender_id } }, frame }
}

/** A message as a change of one that its readers know: the data are the same. */
export function asUpdate({ header, parts }: Publication): Publication {
  const { message: _, ...rest } = header as ChangeHeader
  return {
    header: rest,
    parts: parts.map(({ userIds, frame }) => ({ userIds, frame: frameAsUpdate(frame) })),
  }
}

export const frameAsUpdate = (frame: Buffer): Buffer =>
  Buffer.from(`${frame}`.replace(/^event: new_message$/m, 'event: message_updated'))

export const conversationRemoved = (conversationId: number, seq: number): Envelope => ({
  header: { kind: 'removed', conversationId, seq },
  frame: frame('conversation_removed', { conversation_id: conversationId }),
})

/** An event that takes no `seq`, such as a read position: it has an id but no place in the sequence. */
export const signal = <E extends EventName>(event: E, data: Events[E]): Envelope => ({
  header: { kind: 'signal' },
  frame: frame(event, data),
})

const noFrame = Buffer.alloc(0)

/** @param session the fingerprint of a session */
export const hangUpEnvelope = (session: string): Envelope => ({
  header: { kind: 'hang-up', session },
  frame: noFrame,
})

export const cutEnvelope = (streamId: string): Envelope => ({
  header: { kind: 'cut', streamId },
  frame: noFrame,
})

/** Session ids are secrets: they never travel or stay in memory as they are. */
export const fingerprint = (sessionId: string) => createHash('sha256').update(sessionId).digest('base64url')

/** On its way between processes: a line of JSON with the header, the recipients, the lengths and the time; then the frames. */
export function encode({ header, parts, at }: Publication): Buffer {
  const lengths = parts.map(({ userIds, frame }) => [userIds, frame.length])
  const head = Buffer.from(`${JSON.stringify([header, lengths, at])}\n`)
  return Buffer.concat([head, ...parts.map(({ frame }) => frame)])
}

/** The frames share the memory of what is decoded. */
export function decode(encoded: Buffer): Publication {
  let end = encoded.indexOf(10) + 1
  const [header, lengths, at] = JSON.parse(encoded.toString('latin1', 0, end)) as [
    Header,
    [number[], number][],
    number | null | undefined,
  ]
  const parts = lengths.map(([userIds, length]) => {
    const frame = encoded.subarray(end, end + length)
    end += length
    return { userIds, frame }
  })
  return { header, parts, ...(at && { at }) }
}
