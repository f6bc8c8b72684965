import { viewsFor } from '../conversations/store.ts'
import { conversationRemoved, signal } from '../live/envelope.ts'
import type { Cursor, Missed } from '../live/source.ts'
import * as store from './missed-store.ts'
import { conversationEnvelope, isTooLarge, maxReceipts, messageEnvelope } from './replay.ts'
import { nextTransaction } from './store.ts'

/** A reader who missed changes of more than this loads afresh. */
const maxConversations = 200

export async function missedSince(
  userId: number,
  cursor: Cursor,
  current: Cursor,
): Promise<Missed | undefined> {
  if (cursor.epoch !== current.epoch || (await isOfTheFuture(cursor, current))) return undefined
  const returning = { userId, cursor }
  const conversations = await store.conversationsSince(returning)
  if (conversations.length > maxConversations) return undefined
  const messages = await store.messagesSince(returning)
  if (!messages) return undefined
  const receipts = await store.readSince(returning)
  if (receipts.length > maxReceipts) return undefined
  const lost = await store.lostSince(returning)
  // What changed between these two questions is in the envelopes already, and must not come once more after what is newer.
  const positions = new Map(conversations.map(({ id, seq }) => [id, seq]))
  for (const { conversation_id: id, seq } of messages)
    positions.set(id, Math.max(seq, positions.get(id) ?? 0))
  const views = await viewsFor({ viewerId: userId, ids: [...positions.keys()] })
  const envelopes = [
    ...lost.map((id) => conversationRemoved(id, 0)),
    ...messages.map(messageEnvelope),
    ...views.map((view) => conversationEnvelope(view, positions.get(view.id)!)),
    ...receipts.map((receipt) => signal('message_read', receipt)),
  ]
  return isTooLarge(envelopes) ? undefined : { envelopes, positions }
}

/** Another worker may be ahead of this one by a poll, the database may not. */
async function isOfTheFuture({ xmin }: Cursor, here: Cursor): Promise<boolean> {
  return xmin > here.xmin && xmin > (await nextTransaction())
}
