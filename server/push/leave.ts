import type { Connection, Transaction } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { enqueue } from '../jobs/enqueue.ts'
import type { Target } from './store.ts'

/** Three and a half hours, by the pauses of the jobs. */
const attempts = 10
/** After mails and previews. */
const priority = 5

export const keyOf = ({ subscriptionId, conversationId }: Target) =>
  `push:${subscriptionId}:${conversationId}`

/** Leaves jobs that push a message to these users, if they are away and are to be told of it. */
export async function pushTo(
  tx: Transaction,
  userIds: number[],
  { id, conversation_id }: Row<'messages', 'id' | 'conversation_id'>,
): Promise<void> {
  const found = await tx<Row<'push_subscriptions', 'id'>[]>`
    select id from push_subscriptions where user_id = any(${userIds})`
  for (const { id: subscriptionId } of found)
    await leave(tx, { subscriptionId, conversationId: conversation_id, fromId: id }, 0)
}

/** Leaves a job that pushes to a subscription. @param delay seconds */
export const leave = (db: Connection, target: Target, delay: number): Promise<void> =>
  enqueue(
    db,
    'push_again',
    {
      conversation_id: target.conversationId,
      subscription_id: target.subscriptionId,
      from_id: target.fromId,
    },
    { key: keyOf(target), delay, attempts, priority },
  )
