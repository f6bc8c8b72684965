import type { Conversation } from '../contract/conversations.ts'
import { viewParts } from '../conversations/publish.ts'
import { viewsFor, viewsOf } from '../conversations/store.ts'
import {
  change,
  conversationRemoved,
  type Envelope,
  newMessage,
  type Publication,
  signal,
} from '../live/envelope.ts'
import type { CaughtUp, Cursor, Missed, Source } from '../live/source.ts'
import * as store from './store.ts'

/** A reader who missed more than this loads afresh. */
const maxConversations = 200
const maxReceipts = 1000
/** Also not more than this: it is written in one go, and must fit into what a stream may have unread. Bytes. */
const maxBytes = 512 * 1024
const maxMessages = { count: 500, bytes: maxBytes }

/** What streams ask the database for: all of it bounded work, whatever was missed. */
export const catchUp: Source = {
  changesAfter,
  viewsAt,
  missedSince,
  changedSince: store.changedSince,
}

async function changesAfter(conversationId: number, from: number | Cursor): Promise<CaughtUp | undefined> {
  // The number first: what changes in between is then found twice, and not left out.
  const seq = await store.seqOf(conversationId)
  if (seq === undefined) return undefined
  const after = typeof from === 'number' ? from : await store.reachedIn(conversationId, from)
  const messages = await store.messagesAfter(conversationId, after, maxMessages)
  const memberIds = await store.memberIdsOf(conversationId)
  const envelopes = messages?.map(messageEnvelope)
  if (!messages || !envelopes || isTooLarge(envelopes))
    return { envelopes: [signal('resync', {})], seq, isChanged: false, memberIds }
  const reached = Math.max(seq, messages.at(-1)?.seq ?? 0)
  // If every missing seq is a message, the conversation itself did not change. After 0 it may be new to its members.
  const isChanged = after === 0 || messages.length < reached - after
  return { envelopes, seq: reached, isChanged, memberIds }
}

async function viewsAt(conversationId: number, seq: number, userIds: number[]): Promise<Publication> {
  const parts = viewParts(await viewsOf(conversationId, userIds), seq)
  return { header: { kind: 'change', conversationId, seq }, parts }
}

async function missedSince(userId: number, cursor: Cursor, current: Cursor): Promise<Missed | undefined> {
  if (cursor.epoch !== current.epoch || (await isOfTheFuture(cursor, current))) return undefined
  const conversations = await store.conversationsSince(userId, cursor)
  if (conversations.length > maxConversations) return undefined
  const messages = await store.messagesSince(userId, cursor, maxMessages)
  if (!messages) return undefined
  const receipts = await store.readSince(userId, cursor, maxReceipts + 1)
  if (receipts.length > maxReceipts) return undefined
  const lost = await store.lostSince(userId, cursor)
  // What changed between these two questions is in the envelopes already, and must not come once more after what is newer.
  const positions = new Map(conversations.map(({ id, seq }) => [id, seq]))
  for (const { conversation_id: id, seq } of messages)
    positions.set(id, Math.max(seq, positions.get(id) ?? 0))
  const views = await viewsFor(userId, [...positions.keys()])
  const envelopes = [
    ...lost.map((id) => conversationRemoved(id, 0)),
    ...messages.map(messageEnvelope),
    ...views.map((view) => conversationEnvelope(view, positions.get(view.id)!)),
    ...receipts.map((receipt) => signal('message_read', receipt)),
  ]
  return isTooLarge(envelopes) ? undefined : { envelopes, positions }
}

const isTooLarge = (envelopes: Envelope[]) =>
  envelopes.reduce((bytes, { frame }) => bytes + frame.length, 0) > maxBytes

/** Another worker may be ahead of this one by a poll, the database may not. */
async function isOfTheFuture({ xmin }: Cursor, here: Cursor): Promise<boolean> {
  return xmin > here.xmin && xmin > (await store.nextTransaction())
}

function messageEnvelope({ is_new, ...message }: store.Found): Envelope {
  const { conversation_id, seq } = message
  return is_new ? newMessage(message) : change('message_updated', { conversation_id, seq, message })
}

/** With the number up to which all is replayed, not the one it has by now: a reader would take that for replayed too. */
const conversationEnvelope = (conversation: Conversation, seq: number): Envelope =>
  change('conversation_updated', { conversation_id: conversation.id, seq, conversation })
