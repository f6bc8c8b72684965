import { membershipsOf } from '../changes/membership.ts'
import type { Changes } from '../contract/conversations.ts'
import { sql } from '../db/client.ts'
import { type Fitted, firstFitting } from '../messages/fitting.ts'
import { complete, type MessageRow, messageColumns, messageParts } from '../messages/rows.ts'
import { findConversation } from './store.ts'

const maxMessages = 500

/** Every message of the conversation whose last change is later than `afterSeq`, or the first of them. @throws Problem 404 */
export async function pageOfChanges(
  viewerId: number,
  conversationId: number,
  afterSeq: number,
): Promise<Changes> {
  // The conversation first: what changes in between is then found twice, and not left out.
  const conversation = await findConversation(viewerId, conversationId)
  const changed = sql`
    select m.* from messages m join ${membershipsOf(viewerId)} on c.id = m.conversation_id
    where m.conversation_id = ${conversationId} and m.seq > ${afterSeq}`
  const rows = await sql<(MessageRow & Fitted)[]>`
    select ${messageColumns(sql`${viewerId}::bigint`)}, m.is_followed
    from ${firstFitting(changed, sql`m.seq`, maxMessages)} ${messageParts()}
    order by m.seq`
  const last = rows.at(-1)
  const has_more = last?.is_followed ?? false
  const messages = await complete(rows)
  return { conversation, messages, seq: last && has_more ? last.seq : conversation.seq, has_more }
}
