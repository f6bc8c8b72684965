import { findConversation } from '../conversations/store.ts'
import { sql } from '../db/client.ts'
import type { Conversation, Message } from '../live/events.ts'
import { complete, type MessageRow, messageColumns, messageParts } from './rows.ts'

const most = 500
/** A piece of the answer ends with the message that reaches this much content. Bytes. */
const mostContent = 1024 * 1024

export interface Changes {
  conversation: Conversation
  /** Ascending by seq. */
  messages: Message[]
  /** Everything up to here is in the answer; what to ask with next. */
  seq: number
  has_more: boolean
}

/** Every message of the conversation whose last change is later than `afterSeq`. @throws Problem 404 */
export async function changesAfter(
  viewerId: number,
  conversationId: number,
  afterSeq: number,
): Promise<Changes> {
  // The conversation first: what changes in between is then told twice, and not left out.
  const conversation = await findConversation(viewerId, conversationId)
  const { upTo, has_more } = await piece(viewerId, conversationId, afterSeq)
  // The last piece has no end: a message that is changed right now moves on, and must not fall out of every piece.
  const end = has_more ? sql`and m.seq <= ${upTo}` : sql``
  const rows = await sql<MessageRow[]>`
    select ${messageColumns()} from messages m ${messageParts()}
    where m.conversation_id = ${conversationId} and m.seq > ${afterSeq} ${end}
    order by m.seq`
  const messages = await complete(rows)
  return { conversation, messages, seq: has_more ? upTo : conversation.seq, has_more }
}

/** Where the next piece ends, by number and by size; empty for who is a member no more. */
async function piece(viewerId: number, conversationId: number, afterSeq: number) {
  const rows = await sql<{ seq: number; bytes: number }[]>`
    select m.seq, coalesce(octet_length(m.content), 0)::bigint as bytes
    from messages m
    join conversation_members me on me.conversation_id = m.conversation_id and me.user_id = ${viewerId}
    where m.conversation_id = ${conversationId} and m.seq > ${afterSeq}
    order by m.seq
    limit ${most + 1}`
  let bytes = 0
  const fitting = rows.findIndex((row) => {
    bytes += row.bytes
    return bytes > mostContent
  })
  const count = Math.min(fitting < 0 ? rows.length : fitting + 1, most)
  return { upTo: rows[count - 1]?.seq ?? afterSeq, has_more: count < rows.length }
}
