import type { Transaction } from './connection.ts'
import type { Report } from './report.ts'

/** What this run has moved: `q` of the queue, with the id of its message, of the first when there are several. */
export const moved = (tx: Transaction) => tx`
  legacy_queue q join legacy_messages lm on lm.source = q.source and lm.legacy_id = q.legacy_id and lm.part = 1`

/** `parent_id` becomes `reply_to_id` where both are in the same conversation. */
export async function linkReplies(tx: Transaction, report: Report): Promise<void> {
  const { count } = await tx`
    update messages m set reply_to_id = parent.id
    from ${moved(tx)}
    join legacy_messages pm on pm.source = 'private' and pm.legacy_id = q.parent_id and pm.part = 1
    join messages parent on parent.id = pm.message_id
    where q.source = 'private' and m.id = lm.message_id and parent.conversation_id = m.conversation_id`
  report.count('replies', count)
}

/** Sets what conversations know of their messages, as sending the last of them would have done. */
export async function bringForward(tx: Transaction, firstId: number): Promise<void> {
  await tx`
    with last as (
      select distinct on (m.conversation_id) m.conversation_id, m.id, m.seq, m.created_at, m.seq - c.seq as added
      from messages m join conversations c on c.id = m.conversation_id
      where m.id >= ${firstId} and m.conversation_id in (select conversation_id from legacy_queue)
      order by m.conversation_id, m.id desc
    ), expected as (
      update legacy_conversations lc set seq = lc.seq + last.added from last
      where lc.conversation_id = last.conversation_id
    )
    update conversations c set seq = last.seq, last_message_id = last.id,
      updated_at = greatest(c.updated_at, last.created_at), xid = pg_current_xact_id()
    from last where c.id = last.conversation_id`
}
