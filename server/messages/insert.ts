import { config } from '../config.ts'
import type { Message } from '../contract/messages.ts'
import type { User } from '../contract/users.ts'
import { apart, batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import type { Task } from '../jobs/tasks.ts'
import type { Transactions } from '../live/envelope.ts'
import { messages } from '../metrics/measures.ts'
import { unavailable } from '../web/problem.ts'
import { type Own, ownColumns, toMessage } from './rows.ts'
import { messagesById } from './store.ts'

interface Draft {
  conversationId: number
  senderId: number
  /** Who sends, where that is known already. */
  sender?: User
  content: string
  contentText: string
  replyToId?: number | undefined
  clientId?: string | undefined
  attachmentIds?: number[] | undefined
  /** Of the draft that it ends, as `end_draft` in drizzle/schema.sql takes it; without it, drafts stay. */
  draftVersion?: number | undefined
  /** No member is mailed about it. */
  isQuiet?: boolean
  /** Further jobs to leave for it. */
  tasks?: Extract<Task, 'preview'>[]
}

type Refusal = 'not_found' | 'reply_not_found' | 'attachment_not_found'

interface Stored extends Transactions {
  outcome: 'sent'
  message: Message
  recipients: number[]
  /** Of the tombstone, where it ended a draft. */
  draftVersion: number | null
}

export type Sent = Stored | { outcome: 'repeated'; message: Message } | { outcome: Refusal }

interface Row extends Own, Transactions {
  outcome: Sent['outcome'] | 'left'
  recipients: number[]
  draftVersion: number | null
}

/**
 * Stores a message, in a statement that it shares with others; see `send_messages` in drizzle/schema.sql. Those of a
 * conversation are stored in the order of the calls. Parts from other tables are queried only when there may be any.
 */
export async function insertMessage(draft: Draft): Promise<Sent> {
  const row = await insertRow(draft)
  const { outcome, recipients, xid, previousXid, draftVersion } = row
  messages[outcome === 'sent' || outcome === 'repeated' ? outcome : 'refused'].value++
  if (outcome === 'sent')
    return { outcome, message: await messageOf(draft, row), recipients, xid, previousXid, draftVersion }
  if (outcome === 'repeated') return { outcome, message: await wholeMessage(row.id) }
  return { outcome }
}

type Answered = Row & Pick<Sent, 'outcome'>

const insertRow = batched<Draft, Answered>({
  ask: insertRows,
  keyOf: (draft) => draft.conversationId,
  // While one is being written to disk.
  maxAtOnce: 2,
})

async function insertRows(drafts: Draft[]): Promise<(Answered | typeof apart)[]> {
  const rows = await sql<Row[]>`
    select sent.outcome, sent.recipients, m.xid::text::bigint as xid,
      sent.previous_xid::text::bigint as "previousXid", sent.draft_version as "draftVersion", ${ownColumns()}
    from send_messages(${sql.json(drafts.map(written))}) sent
    cross join lateral (select (sent.message).*) m
    order by sent.place`
  return rows.map((row) => (isAnswered(row) ? row : apart))
}

const isAnswered = (row: Row): row is Answered => row.outcome !== 'left'

const written = (draft: Draft) => ({
  conversation_id: draft.conversationId,
  sender_id: draft.senderId,
  content: draft.content,
  content_text: draft.contentText,
  reply_to_id: draft.replyToId ?? null,
  client_id: draft.clientId ?? null,
  attachment_ids: draft.attachmentIds ?? [],
  notify_after: draft.isQuiet ? null : config.emailDelaySeconds,
  tasks: draft.tasks ?? [],
  draft_version: draft.draftVersion ?? null,
})

/** A new message has no pin, no reactions and no preview. */
function messageOf({ sender, replyToId, attachmentIds }: Draft, row: Row): Message | Promise<Message> {
  return sender && !replyToId && !attachmentIds?.length ? toMessage(row, { sender }) : wholeMessage(row.id)
}

/** @throws Problem 503 when a backup was restored since it was stored: it is to be sent again */
async function wholeMessage(id: number): Promise<Message> {
  const message = (await messagesById([id])).get(id)
  if (!message) throw unavailable()
  return message
}
