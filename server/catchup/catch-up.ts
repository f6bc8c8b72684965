import type { Conversation } from '../contract/conversations.ts'
import { viewsFor } from '../conversations/store.ts'
import { change, conversationRemoved, newMessage, signal } from '../live/envelope.ts'
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
  positions: store.positionsOf,
  changesAfter,
  missedSince,
  changedSince: store.changedSince,
}

async function changesAfter(
  userId: number,
  conversationId: number,
  after: number,
): Promise<CaughtUp | undefined> {
  // The number first: what changes in between is then found twice, and not left out.
  const seq = await store.positionIn(userId, conversationId)
  if (seq === undefined) return undefined
  const messages = await store.messagesAfter(conversationId, after, maxMessages)
  if (!messages) return { envelopes: [signal('resync', {})], seq }
  const reached = Math.max(seq, messages.at(-1)?.seq ?? 0)
  // If every missing seq is a message, the conversation itself did not change. After 0 it is always sent: it may be new
  // to the user.
  const views =
    after > 0 && messages.length === reached - after ? [] : await viewsFor(userId, [conversationId])
  const envelopes = [
    ...messages.map(messageEnvelope),
    ...views.map((view) => conversationEnvelope(view, reached)),
  ]
  return { envelopes: isTooLarge(envelopes) ? [signal('resync', {})] : envelopes, seq: reached }
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
    ...lost.map(conversationRemoved),
    ...messages.map(messageEnvelope),
    ...views.map((view) => conversationEnvelope(view, positions.get(view.id)!)),
    ...receipts.map((receipt) => signal('message_read', receipt)),
  ]
  return isTooLarge(envelopes) ? undefined : { envelopes, positions }
}

const isTooLarge = (envelopes: Buffer[]) =>
  envelopes.reduce((bytes, envelope) => bytes + envelope.length, 0) > maxBytes

/** Another worker may be ahead of this one by a poll, the database may not. */
async function isOfTheFuture({ xmin }: Cursor, here: Cursor): Promise<boolean> {
  return xmin > here.xmin && xmin > (await store.nextTransaction())
}

function messageEnvelope({ is_new, ...message }: store.Found): Buffer {
  const { conversation_id, seq } = message
  return is_new ? newMessage(message) : change('message_updated', { conversation_id, seq, message })
}

/** With the number up to which all is replayed, not the one it has by now: a reader would take that for replayed too. */
const conversationEnvelope = (conversation: Conversation, seq: number): Buffer =>
  change('conversation_updated', { conversation_id: conversation.id, seq, conversation })
