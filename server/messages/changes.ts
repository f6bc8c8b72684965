import { findConversation } from '../conversations/store.ts'
import { sql } from '../db/client.ts'
import type { Conversation, Message } from '../live/events.ts'
import { complete, type MessageRow, messageColumns, messageParts } from './rows.ts'

const most = 500

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
  const rows = await sql<MessageRow[]>`
    select ${messageColumns()} from messages m ${messageParts()}
    where m.conversation_id = ${conversationId} and m.seq > ${afterSeq}
    order by m.seq
    limit ${most + 1}`
  const has_more = rows.length > most
  const messages = await complete(rows.slice(0, most))
  return { conversation, messages, seq: has_more ? messages.at(-1)!.seq : conversation.seq, has_more }
}
