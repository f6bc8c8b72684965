import { config } from '../config.ts'
import { sql, type Transaction } from '../db/client.ts'
import type { Tasks } from '../jobs/tasks.ts'
import { verdict } from './verdict.ts'

/** Members per statement, so that none takes long, however large the group. */
const batchSize = 200

/** The messages decided on together, beginning with the one that armed the conversation. */
interface Window {
  conversationId: number
  fromId: number
  untilId: number
  /** Older messages among them were moved from a portal's old inbox meanwhile. */
  since: string
}

/**
 * Decides, after the grace period, which members are mailed about the messages since the conversation was armed, and
 * enqueues a mail job for each of them. Senders wait for none of this: the conversation's row is locked only at the end,
 * to disarm it. After a crash it continues with the members who have no decision yet.
 */
export async function decide({ conversation_id }: Tasks['notify']): Promise<void> {
  const window = await armedWindow(conversation_id)
  if (!window) return
  let last: number | undefined = 0
  while (last !== undefined) last = await judgeBatch(window, last)
  await disarm(window)
}

async function armedWindow(id: number): Promise<Window | undefined> {
  const [window] = await sql<Window[]>`
    select c.id as "conversationId", c.notify_from_id as "fromId", c.last_message_id as "untilId",
      coalesce(first.created_at, now()) - interval '1 hour' as since
    from conversations c left join messages first on first.id = c.notify_from_id
    where c.id = ${id} and c.notify_from_id <= c.last_message_id`
  return window
}

/** Until the end of the transaction nobody decides on messages of this conversation. */
export const lockDecisions = (tx: Transaction, conversationId: number) =>
  tx`select pg_advisory_xact_lock(hashtextextended(${`decide:${conversationId}`}, 0))`

/** @returns the last member of the batch; undefined when no one was left */
const judgeBatch = (window: Window, after: number): Promise<number | undefined> =>
  sql.begin(async (tx) => {
    // One decision at a time: a slower one would judge by ranges that were extended, and mailed, meanwhile.
    await lockDecisions(tx, window.conversationId)
    const [batch] = await tx<[{ last: number | null; due: number[] }]>`${judgements(window, after)}`
    await enqueueMails(tx, window.conversationId, batch.due)
    return batch.last ?? undefined
  }) as Promise<number | undefined>

/**
 * One row for each member: a range that is due, or has the same outcome as now, is extended, so that a conversation
 * costs a row for each change of outcome, not for each message.
 */
const judgements = ({ conversationId, fromId, untilId, since }: Window, after: number) => sql`
  with batch as (
    select cm.user_id, cm.is_muted, cm.muted_until, cm.mutes_mentions, cm.last_read_message_id, cm.joined_at
    from conversation_members cm
    where cm.conversation_id = ${conversationId} and cm.user_id > ${after}
    order by cm.user_id limit ${batchSize}
  ), judged as (
    select cm.user_id, coalesce(cm.last_read_message_id, 0) as read_id, r.from_id, r.since, latest.from_id as latest_id,
      latest.outcome as latest_outcome, ${verdict()} as outcome
    from batch cm
    join users u on u.id = cm.user_id
    join conversations c on c.id = ${conversationId}
    left join lateral (
      select n.from_id, n.until_id, n.outcome from notification_ranges n
      where n.user_id = cm.user_id and n.conversation_id = c.id
      order by n.from_id desc limit 1
    ) latest on true
    cross join lateral (select greatest(${fromId}::bigint, latest.until_id + 1) as from_id, ${untilId}::bigint as until_id,
      greatest(${since}::timestamptz, cm.joined_at - interval '5 seconds') as since) r
    where r.from_id <= r.until_id
  ), extended as (
    update notification_ranges n set until_id = ${untilId}, read_id = judged.read_id, decided_at = now()
    from judged
    where n.user_id = judged.user_id and n.conversation_id = ${conversationId} and n.from_id = judged.latest_id
      and judged.outcome = judged.latest_outcome and n.outcome = judged.outcome
      and n.outcome in ('due', 'deleted', 'inactive', 'muted', 'off', 'no_address', 'nothing')
    returning n.user_id, n.outcome
  ), added as (
    insert into notification_ranges (user_id, conversation_id, from_id, until_id, since, outcome, read_id)
    select user_id, ${conversationId}, from_id, ${untilId}, since, outcome, read_id from judged
    where user_id not in (select user_id from extended)
    on conflict do nothing
    returning user_id, outcome
  )
  select (select max(user_id) from batch) as last,
    array(select user_id from extended where outcome = 'due'
      union select user_id from added where outcome = 'due') as due`

/** One queue for each member and conversation: two jobs must never send the same mail at the same time. */
async function enqueueMails(tx: Transaction, id: number, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return
  await tx`
    select from rozmowa_jobs.add_jobs(array(
      select ('mail', json_build_object('conversation_id', ${id}::bigint, 'user_id', user_id), key, null, null, key, null,
        null)::rozmowa_jobs.job_spec
      from unnest(${userIds}::bigint[]) user_id, concat('mail:', ${id}::bigint, ':', user_id) key), true)`
}

/** The next message arms the conversation again; one that came meanwhile found it armed, and so arms it now. */
const disarm = ({ conversationId, fromId, untilId, since }: Window) =>
  sql.begin(async (tx) => {
    // A statement of its own, so that the next one sees what was committed before the lock was granted.
    await tx`select from conversations where id = ${conversationId} for no key update`
    await tx`
      with disarmed as (
        update conversations c set notify_from_id = (
          select m.id from messages m
          where m.conversation_id = c.id and m.id > ${untilId} and m.kind = 'user' and m.created_at >= ${since}
          order by m.id limit 1)
        where c.id = ${conversationId} and c.notify_from_id = ${fromId}
        returning c.notify_from_id
      )
      select leave_job('notify', json_build_object('conversation_id', ${conversationId}::bigint),
        now() + make_interval(secs => ${config.emailDelaySeconds}))
      from disarmed where notify_from_id is not null`
  })
