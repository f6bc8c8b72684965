import { config } from '../config.ts'
import type { Transaction } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { lockDecisions } from '../notifications/decide.ts'
import { pushTo } from '../push/leave.ts'

/**
 * Tells those whom an edit mentions for the first time, by the rule of a new message: by push while they are away, and by
 * mail after the grace period, unless they have read it. Who was told of the message already is not told again; a new
 * decision is due only where it was left out because they have muted the conversation.
 */
export async function tellMentioned(
  tx: Transaction,
  message: Row<'messages', 'id' | 'conversation_id'>,
  userIds: number[],
): Promise<void> {
  if (userIds.length === 0) return
  const { id, conversation_id } = message
  await lockDecisions(tx, conversation_id)
  const due = await tx<Row<'notification_ranges', 'user_id'>[]>`
    update notification_ranges set outcome = 'due'
    where conversation_id = ${conversation_id} and user_id = any(${userIds})
      and from_id <= ${id} and until_id >= ${id} and outcome = 'muted'
    returning user_id`
  for (const { user_id } of due) {
    const key = `mail:${conversation_id}:${user_id}`
    const when = { key, queue: key, delay: config.emailDelaySeconds }
    await enqueue(tx, 'mail', { conversation_id, user_id }, when)
  }
  await pushTo(tx, userIds, message)
}
