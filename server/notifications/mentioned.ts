import { config } from '../config.ts'
import { sql, type Transaction } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { enqueue } from '../jobs/enqueue.ts'
import type { Tasks } from '../jobs/tasks.ts'
import { lockDecisions } from './decide.ts'

/**
 * Lets those whom an edit mentions be mailed after another grace period, where the message was left out because they have
 * muted the conversation. Who was mailed about it is not mailed again; what is not decided yet will be.
 */
export const mailMentioned = ({ conversation_id, message_id, user_ids }: Tasks['mentioned']): Promise<void> =>
  sql.begin(async (tx) => {
    await lockDecisions(tx, conversation_id)
    const due = await takeOut(tx, conversation_id, message_id, user_ids)
    for (const user_id of due) {
      const key = `mail:${conversation_id}:${user_id}`
      const when = { key, queue: key, delay: config.emailDelaySeconds }
      await enqueue(tx, 'mail', { conversation_id, user_id }, when)
    }
  }) as Promise<void>

/**
 * Makes a range of its own of the message, due, where it is in one that was left out as muted. The others in that one stay
 * left out, whatever the member wants by now, and may be taken out themselves later.
 * @returns whose
 */
async function takeOut(
  tx: Transaction,
  conversationId: number,
  messageId: number,
  userIds: number[],
): Promise<number[]> {
  const rows = await tx<Row<'notification_ranges', 'user_id'>[]>`
    with around as (
      select * from notification_ranges n
      where n.conversation_id = ${conversationId} and n.user_id = any(${userIds})
        and n.from_id <= ${messageId} and n.until_id >= ${messageId} and n.outcome = 'muted'
      for update
    ), first as (
      update notification_ranges n set until_id = greatest(n.from_id, ${messageId}::bigint - 1),
        outcome = case when n.from_id = ${messageId} then 'due' else n.outcome end
      from around
      where n.user_id = around.user_id and n.conversation_id = around.conversation_id and n.from_id = around.from_id
    ), others as (
      insert into notification_ranges (user_id, conversation_id, from_id, until_id, since, outcome, read_id, decided_at)
      select around.user_id, around.conversation_id, part.from_id, part.until_id, around.since, part.outcome,
        around.read_id, around.decided_at
      from around cross join lateral (values
        (${messageId}::bigint, ${messageId}::bigint, 'due'),
        (${messageId}::bigint + 1, around.until_id, 'muted')) part (from_id, until_id, outcome)
      where part.from_id > around.from_id and part.from_id <= part.until_id
    )
    select user_id from around`
  return rows.map(({ user_id }) => user_id)
}
