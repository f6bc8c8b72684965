import { config } from '../config.ts'
import { sql } from '../db/client.ts'
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
    const due = await tx<Row<'notification_ranges', 'user_id'>[]>`
      update notification_ranges set outcome = 'due'
      where conversation_id = ${conversation_id} and user_id = any(${user_ids})
        and from_id <= ${message_id} and until_id >= ${message_id} and outcome = 'muted'
      returning user_id`
    for (const { user_id } of due) {
      const key = `mail:${conversation_id}:${user_id}`
      const when = { key, queue: key, delay: config.emailDelaySeconds }
      await enqueue(tx, 'mail', { conversation_id, user_id }, when)
    }
  }) as Promise<void>
