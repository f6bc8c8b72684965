import { sql, type Transaction } from '../db/client.ts'
import type { Tasks } from '../jobs/tasks.ts'
import { verdict } from './verdict.ts'

/**
 * Decides, when the grace is over, which members are mailed about the messages since the conversation was armed, and
 * leaves a mail job for each of them. The next message arms it again.
 */
export async function decide({ conversation_id: id }: Tasks['notify']): Promise<void> {
  await sql.begin(async (tx) => {
    const [conversation] = await tx<{ notify_from_id: number | null }[]>`
      select notify_from_id from conversations where id = ${id} for no key update`
    if (!conversation?.notify_from_id) return
    await tx`update conversations set notify_from_id = null where id = ${id}`
    await leaveMails(tx, id, await judge(tx, id, conversation.notify_from_id))
  })
}

/**
 * Writes down what becomes of each message for each member who was one by then. What was moved here meanwhile from a
 * portal's old inbox is left out by its age.
 * @returns who is to be mailed
 */
async function judge(tx: Transaction, id: number, fromId: number): Promise<number[]> {
  const rows = await tx<{ user_id: number; outcome: string }[]>`
    insert into message_notifications (message_id, user_id, outcome)
    select m.id, cm.user_id, ${verdict()}
    from messages first
    join messages m on m.conversation_id = first.conversation_id and m.id >= first.id and m.kind = 'user'
      and m.created_at > first.created_at - interval '1 hour'
    join conversations c on c.id = m.conversation_id
    join conversation_members cm on cm.conversation_id = c.id
      and cm.joined_at <= m.created_at + interval '5 seconds'
    join users u on u.id = cm.user_id
    where first.id = ${fromId} and first.conversation_id = ${id}
    on conflict do nothing
    returning user_id, outcome`
  return [...new Set(rows.filter(({ outcome }) => outcome === 'due').map(({ user_id }) => user_id))]
}

/** A queue for each member and conversation: two jobs must never write the same mail at the same time. */
async function leaveMails(tx: Transaction, id: number, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return
  await tx`
    select from rozmowa_jobs.add_jobs(array(
      select ('mail', json_build_object('conversation_id', ${id}::bigint, 'user_id', user_id), key, null, null, key, null,
        null)::rozmowa_jobs.job_spec
      from unnest(${userIds}::bigint[]) user_id, concat('mail:', ${id}::bigint, ':', user_id) key), true)`
}
