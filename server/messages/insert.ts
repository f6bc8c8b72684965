import { config } from '../config.ts'
import type { Message } from '../contract/messages.ts'
import { sql } from '../db/client.ts'
import type { Task } from '../jobs/tasks.ts'
import { complete, type MessageRow, messageColumns, messageParts, toMessage } from './rows.ts'

interface Draft {
  conversationId: number
  senderId: number
  content: string
  contentText: string
  replyToId?: number | undefined
  clientId?: string | undefined
  attachmentIds?: number[] | undefined
  /** No member is mailed about it. */
  isQuiet?: boolean
  /** Further jobs to leave for it. */
  tasks?: Extract<Task, 'preview'>[]
}

type Sent =
  | { outcome: 'sent'; message: Message; recipients: number[] }
  | { outcome: 'repeated'; message: Message }
  | { outcome: 'not_found' | 'reply_not_found' | 'attachment_not_found' }

/**
 * Stores a message in one round trip; see `send_message` in drizzle/schema.sql. Parts from other tables are
 * queried only when attachments are sent with it, or when it had been sent before.
 */
export async function insertMessage(draft: Draft): Promise<Sent> {
  const [row] = await sql<(MessageRow & { outcome: Sent['outcome']; recipients: number[] })[]>`
    select sent.outcome, sent.recipients, ${messageColumns()}
    from send_message(${draft.conversationId}, ${draft.senderId}, ${draft.content}, ${draft.contentText},
      ${draft.replyToId ?? null}, ${draft.clientId ?? null}, ${draft.attachmentIds ?? []},
      in_notify_after => ${draft.isQuiet ? null : config.emailDelaySeconds}, in_tasks => ${draft.tasks ?? []}) sent
    cross join lateral (select (sent.message).*) m
    ${messageParts()}`
  const { outcome, recipients } = row!
  if (outcome !== 'sent' && outcome !== 'repeated') return { outcome }
  const isBare = outcome === 'sent' && !draft.attachmentIds?.length
  const message = isBare ? toMessage(row!) : (await complete([row!]))[0]!
  return { outcome, recipients, message }
}
