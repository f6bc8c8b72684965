import type { Transaction } from './connection.ts'
import { moved } from './finish.ts'

/**
 * Moves each member's read position up to their first unread message, never past one. Where something older is unread it
 * stays.
 */
export async function carryReadState(tx: Transaction, firstId: number): Promise<void> {
  await tx`create temp table legacy_unread (conversation_id bigint, user_id bigint, first_id bigint, read_at timestamptz) on commit drop`
  await findFirstUnreadInPairs(tx)
  await findFirstUnreadInGroups(tx)
  await tx`analyze legacy_unread`
  await movePositions(tx, firstId)
  await tx`
    update conversation_members cm set is_archived = false, xid = pg_current_xact_id()
    where cm.is_archived and not is_mute_on(cm.is_muted, cm.muted_until) and cm.conversation_id in (select conversation_id from legacy_queue)`
}

/** Every member of a 1:1 that was written to, with their first unread incoming message, if any. */
const findFirstUnreadInPairs = (tx: Transaction) => tx`
  insert into legacy_unread
  select cm.conversation_id, cm.user_id, min(unread.message_id), null
  from conversation_members cm
  left join (select q.conversation_id, q.recipient_id, lm.message_id from ${moved(tx)} where q.is_unread) unread
    on unread.conversation_id = cm.conversation_id and unread.recipient_id = cm.user_id
  where cm.conversation_id in (select conversation_id from legacy_queue where source = 'private')
  group by cm.conversation_id, cm.user_id`

/** Every member of a group that was written to, with the first message after their last reading. */
const findFirstUnreadInGroups = (tx: Transaction) => tx`
  insert into legacy_unread
  select cm.conversation_id, cm.user_id, lm.message_id, least(mg.last_read_at at time zone 'UTC', now())
  from (select distinct conversation_id, group_id from legacy_queue where source = 'group') g
  join message_group_member mg on mg.group_id = g.group_id
  join conversation_members cm on cm.conversation_id = g.conversation_id and cm.user_id = mg.user_id
  left join lateral (
    select q.source, q.legacy_id from legacy_queue q
    where q.conversation_id = g.conversation_id
      and q.ordered_at > coalesce(mg.last_read_at at time zone 'UTC', '-infinity')
    order by q.ordered_at, q.n limit 1) first on true
  left join legacy_messages lm on lm.source = first.source and lm.legacy_id = first.legacy_id and lm.part = 1`

/** In a 1:1 the time is the message's own `read_at`; of one's own that the other has not read, the last one before. */
const movePositions = (tx: Transaction, firstId: number) => tx`
  with place as (
    select u.conversation_id, u.user_id, target.id,
      coalesce(u.read_at, target.read_at, (
        select max(q.read_at) from ${moved(tx)}
        where q.conversation_id = u.conversation_id and q.recipient_id = u.user_id and lm.message_id <= target.id
      ), target.created_at) as read_at
    from legacy_unread u
    join conversation_members cm on cm.conversation_id = u.conversation_id and cm.user_id = u.user_id
    join lateral (
      select m.id, m.created_at, q.read_at from messages m
      left join legacy_messages lm on lm.message_id = m.id
      left join legacy_queue q on q.source = lm.source and q.legacy_id = lm.legacy_id
      where m.conversation_id = u.conversation_id and m.id < coalesce(u.first_id, ${Number.MAX_SAFE_INTEGER})
      order by m.id desc limit 1) target on target.id > coalesce(cm.last_read_message_id, 0)
    where not exists (
      select from messages old
      where old.conversation_id = u.conversation_id and old.id < ${firstId}
        and old.id > coalesce(cm.last_read_message_id, 0)
        and old.sender_id <> u.user_id and old.kind = 'user' and not old.is_deleted)
  )
  update conversation_members cm set last_read_message_id = place.id, last_read_at = place.read_at,
    last_delivered_message_id = greatest(cm.last_delivered_message_id, place.id),
    last_delivered_at = coalesce(cm.last_delivered_at, place.read_at), xid = pg_current_xact_id()
  from place where cm.conversation_id = place.conversation_id and cm.user_id = place.user_id`
