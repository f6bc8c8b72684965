import { viewsFor } from '../conversations/store.ts'
import type { Cursor } from '../live/cursor.ts'
import { conversationRemoved, signal } from '../live/envelope.ts'
import type { Missed } from '../live/source.ts'
import type { Found } from './found.ts'
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
  if (cursor.epoch !== current.epoch || (await isAheadOfDatabase(cursor, current))) return undefined
  const returning = { userId, cursor }
  const conversations = await store.conversationsSince(returning)
  if (conversations.length > maxConversations) return undefined
  const messages = await store.messagesSince(returning)
  if (!messages) return undefined
  const receipts = await store.readSince(returning)
  if (receipts.length > maxReceipts) return undefined
  const lost = await store.lostSince(returning)
  const lostIds = new Set(lost.map(({ id }) => id))
  const shown = messages.filter(({ conversation_id }) => !lostIds.has(conversation_id))
  // What changed between these questions is in the envelopes already, and must not come once more after what is newer:
  // least of all a message after the reader was removed.
  const positions = new Map<number, number>()
  for (const { id, seq } of [...conversations, ...lost, ...shown.map(placeOf)])
    positions.set(id, Math.max(seq, positions.get(id) ?? 0))
  const views = await viewsFor({ viewerId: userId, ids: [...positions.keys()] })
  const envelopes = [
    ...lost.map(({ id }) => conversationRemoved(id, 0)),
    ...shown.map(messageEnvelope),
    ...views.map((view) => conversationEnvelope(view, positions.get(view.id)!)),
    ...receipts.map((receipt) => signal('message_read', receipt)),
  ]
  return isTooLarge(envelopes) ? undefined : { envelopes, positions }
}

const placeOf = ({ conversation_id, seq }: Found) => ({ id: conversation_id, seq })

/** Another worker may be ahead of this one by a poll, the database may not. */
async function isAheadOfDatabase({ xmin }: Cursor, here: Cursor): Promise<boolean> {
  return xmin > here.xmin && xmin > (await nextTransaction())
}
