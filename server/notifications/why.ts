import { sql } from '../db/client.ts'
import type { Outcome } from './verdict.ts'

/** Why a member was mailed about a message, or was not. */
export interface Answer {
  outcome: Outcome | 'no_message' | 'system' | 'no_member' | 'waiting' | 'unknown'
  decided_at: string | null
  /** What the mail server said last. */
  answer: string | null
  /** When it is looked at, or tried, next. */
  next_at: string | null
}

/** @param userId whom it is asked for */
export async function whyNotified(messageId: number, userId: number): Promise<Answer> {
  const [row] = await sql<
    (Answer & { outcome: Outcome | null; kind: string; is_armed: boolean; is_member: boolean })[]
  >`
    select n.outcome, n.decided_at, n.answer, m.kind,
      exists (select from conversation_members cm where cm.conversation_id = c.id and cm.user_id = ${userId}
        and cm.joined_at <= m.created_at + interval '5 seconds') as is_member,
      coalesce(c.notify_from_id <= m.id, false) as is_armed,
      (select min(j.run_at) from rozmowa_jobs._private_jobs j join rozmowa_jobs._private_tasks t on t.id = j.task_id
        where j.attempts < j.max_attempts and (j.payload ->> 'conversation_id')::bigint = c.id
          and (t.identifier = 'notify' or t.identifier = 'mail' and (j.payload ->> 'user_id')::bigint = ${userId})) as next_at
    from messages m join conversations c on c.id = m.conversation_id
    left join message_notifications n on n.message_id = m.id and n.user_id = ${userId}
    where m.id = ${messageId}`
  const nothing = { decided_at: null, answer: null, next_at: null }
  if (!row) return { outcome: 'no_message', ...nothing }
  const { decided_at, answer, next_at } = row
  if (row.outcome) return { outcome: row.outcome, decided_at, answer, next_at }
  if (row.kind === 'system') return { outcome: 'system', ...nothing }
  if (!row.is_member) return { outcome: 'no_member', ...nothing }
  return row.is_armed ? { outcome: 'waiting', ...nothing, next_at } : { outcome: 'unknown', ...nothing }
}
