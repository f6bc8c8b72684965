import { membershipsOf } from '../changes/membership.ts'
import type { Changes } from '../contract/conversations.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { type Fitted, firstFitting } from '../messages/fitting.ts'
import { complete, type MessageRow, messageColumns, messageParts } from '../messages/rows.ts'
import { findConversation } from './store.ts'

const maxMessages = 500

/** @param starsFromId asks for the stars of the messages from this one on too */
export async function pageOfChanges(
  viewerId: number,
  conversationId: number,
  { after_seq, stars_from_id }: { after_seq: number; stars_from_id?: number | undefined },
): Promise<Changes> {
  const changes = await changesAfter(viewerId, conversationId, after_seq)
  if (stars_from_id === undefined) return changes
  return { ...changes, starred_ids: await starredFrom(viewerId, conversationId, stars_from_id) }
}

/** Every message of the conversation whose last change is later than `afterSeq`, or the first of them. @throws Problem 404 */
async function changesAfter(viewerId: number, conversationId: number, afterSeq: number): Promise<Changes> {
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

/** Message by message: of all that somebody has starred, these may be few. */
async function starredFrom(viewerId: number, conversationId: number, fromId: number): Promise<number[]> {
  const rows = await sql<Row<'messages', 'id'>[]>`
    select m.id from (
      select m.id from messages m join ${membershipsOf(viewerId)} on c.id = m.conversation_id
      where m.conversation_id = ${conversationId} and m.id >= ${fromId} order by m.id limit ${maxMessages}
    ) m
    join message_stars s on s.user_id = ${viewerId} and s.message_id = m.id`
  return rows.map(({ id }) => id)
}
