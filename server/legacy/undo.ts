import type { Row } from '../db/schema.ts'
import { Stop } from '../terminal/stop.ts'
import type { Transaction } from './connection.ts'
import { removeDeparted } from './departed.ts'
import type { Report } from './report.ts'

/**
 * Removes what was moved, and restores the state of the conversations that existed before. Only their `seq` goes on: a
 * reader with an open stream would take a repeated number for a duplicate.
 * @returns names of the files that are no longer referenced
 * @throws Stop when members have written there since
 */
export async function undo(tx: Transaction, report: Report): Promise<string[]> {
  await tx`
    select from conversations where id in (select conversation_id from legacy_conversations) order by id for no key update`
  await mustBeUntouched(tx)
  const { count: attachments } = await tx`
    update message_attachments a set new_message_id = null from legacy_messages lm where a.new_message_id = lm.message_id`
  report.count('attachments_released', attachments)
  await restore(tx)
  const { count: messages } = await tx`
    delete from messages m using legacy_messages lm, legacy_conversations lc
    where m.id = lm.message_id and lc.conversation_id = m.conversation_id and lc.before is not null`
  const [inMade] = await tx<
    [{ count: number }]
  >`select count(*) from legacy_messages where message_id is not null`
  report.count('messages_removed', messages + inMade.count)
  // Before the messages, whose deletion would update each of its rows.
  await tx`delete from legacy_messages`
  const { count: conversations } = await tx`
    delete from conversations c using legacy_conversations lc where lc.conversation_id = c.id and lc.before is null`
  report.count('conversations_removed', conversations)
  report.count('users_removed', await removeDeparted(tx))
  await tx`delete from legacy_members`
  await tx`delete from legacy_conversations`
  return forgetFiles(tx)
}

/** Every change by members, except reading, takes a `seq`. */
async function mustBeUntouched(tx: Transaction): Promise<void> {
  const rows = await tx<(Row<'conversations', 'id'> & { title: string })[]>`
    select c.id, coalesce(c.name, (select string_agg(u.name, ' and ' order by u.id) from conversation_members cm
      join users u on u.id = cm.user_id where cm.conversation_id = c.id)) as title
    from legacy_conversations lc join conversations c on c.id = lc.conversation_id
    where c.seq <> lc.seq order by c.id`
  if (rows.length === 0) return
  throw new Stop([
    'Members have since written in these conversations, or changed them; nothing was undone:',
    ...rows.map(({ id, title }) => `  ${id} (${title})`),
  ])
}

/** Before the messages are deleted, which nothing may reference. */
async function restore(tx: Transaction): Promise<void> {
  await tx`
    update conversations c set last_message_id = null
    from legacy_conversations lc where lc.conversation_id = c.id and lc.before is null`
  await tx`
    update conversations c set last_message_id = (lc.before->>'last_message_id')::bigint,
      updated_at = (lc.before->>'updated_at')::timestamptz, seq = c.seq + 1, xid = pg_current_xact_id()
    from legacy_conversations lc where lc.conversation_id = c.id and lc.before is not null`
  await tx`
    update conversation_members cm set
      last_read_message_id = (lm.before->>'last_read_message_id')::bigint,
      last_read_at = (lm.before->>'last_read_at')::timestamptz,
      last_delivered_message_id = (lm.before->>'last_delivered_message_id')::bigint,
      last_delivered_at = (lm.before->>'last_delivered_at')::timestamptz,
      is_archived = (lm.before->>'is_archived')::boolean, xid = pg_current_xact_id()
    from legacy_members lm
    where lm.before is not null and lm.conversation_id = cm.conversation_id and lm.user_id = cm.user_id`
}

/** A file that a member has since forwarded is still referenced. */
async function forgetFiles(tx: Transaction): Promise<string[]> {
  const rows = await tx<(Row<'legacy_files', 'stored_filename'> & { is_used: boolean })[]>`
    delete from legacy_files f returning f.stored_filename, exists (
      select from message_attachments a where a.stored_filename = f.stored_filename and a.new_message_id is not null
    ) as is_used`
  return rows.filter((row) => !row.is_used).map((row) => row.stored_filename)
}
