import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Tasks } from '../jobs/tasks.ts'
import { leave } from './again.ts'

/** Leaves jobs that push a message to those whom an edit mentions, unless they are here, or were told of it before. */
export async function pushMentioned({
  conversation_id,
  message_id,
  user_ids,
}: Tasks['mentioned']): Promise<void> {
  const found = await sql<Row<'push_subscriptions', 'id'>[]>`
    select id from push_subscriptions where user_id = any(${user_ids})`
  for (const { id: subscriptionId } of found)
    await leave({ subscriptionId, conversationId: conversation_id, fromId: message_id }, 0)
}
