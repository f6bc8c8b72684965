import { sql } from '../db/client.ts'
import { isMention, type Outcome } from './verdict.ts'

/** Why a member was mailed about a message, or was not. */
export interface Answer {
  outcome:
    | Exclude<Outcome, 'nothing'>
    | ('sender' | 'read' | 'no_message' | 'system' | 'no_member' | 'waiting' | 'unknown')
  decided_at: string | null
  /** The mail server's last response. */
  answer: string | null
  /** When it is decided on, or retried, next. */
  next_at: string | null
}

/** Outcomes are stored for ranges of messages; what differs within a range follows from the message. */
const outcomeInRange = () => sql`
  case
    when m.kind = 'system' then 'system'
    when m.sender_id = u.id then 'sender'
    when r.user_id is null then case
      when not exists (select from conversation_members cm where cm.conversation_id = c.id and cm.user_id = u.id
        and cm.joined_at <= m.created_at + interval '5 seconds') then 'no_member'
      when c.notify_from_id <= m.id then 'waiting'
      else 'unknown' end
    when m.deleted_at <= r.decided_at or m.is_deleted and r.outcome = 'due' then 'deleted'
    when m.id <= r.read_id and r.outcome in ('due', 'sending', 'sent', 'logged', 'refused', 'nothing') then 'read'
    when r.only_mentions and r.letter_id is not null and ${isMention()} is null then 'muted'
    when r.outcome = 'nothing' then 'unknown'
    else r.outcome
  end`

/** @param userId the member in question */
export async function whyNotified(messageId: number, userId: number): Promise<Answer> {
  const [row] = await sql<Answer[]>`
    select ${outcomeInRange()} as outcome, r.decided_at, r.answer,
      (select min(j.run_at) from rozmowa_jobs._private_jobs j join rozmowa_jobs._private_tasks t on t.id = j.task_id
        where j.attempts < j.max_attempts and (j.payload ->> 'conversation_id')::bigint = c.id
          and (t.identifier = 'notify' or t.identifier = 'mail' and (j.payload ->> 'user_id')::bigint = u.id)) as next_at
    from messages m
    join conversations c on c.id = m.conversation_id
    join users u on u.id = ${userId}
    left join lateral (
      select * from notification_ranges n
      where n.user_id = u.id and n.conversation_id = c.id and m.id between n.from_id and n.until_id
        and m.created_at >= n.since
      order by n.from_id desc limit 1
    ) r on true
    where m.id = ${messageId}`
  const nothing = { decided_at: null, answer: null, next_at: null }
  if (!row) return { outcome: 'no_message', ...nothing }
  if (row.outcome === 'system' || row.outcome === 'no_member') return { outcome: row.outcome, ...nothing }
  return row
}
