import { membershipsIn, membershipsOf } from '../changes/membership.ts'
import type { Events } from '../contract/events.ts'
import { limits } from '../contract/limits.ts'
import type { Message } from '../contract/messages.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Changed, Cursor, Poll } from '../live/source.ts'
import { type Fitted, type Fragment, firstFitting } from '../messages/fitting.ts'
import { complete, type MessageRow, messageColumns, messageParts } from '../messages/rows.ts'

/** A message, and whether it is new since the time asked about. */
export type Found = Message & { is_new: boolean }

const reached = (cursor: Cursor) => sql`${String(cursor.xmin)}::text::xid8`

/** A conversation's newest number. */
export async function seqOf(conversationId: number): Promise<number | undefined> {
  const [row] = await sql<Row<'conversations', 'seq'>[]>`
    select seq from conversations where id = ${conversationId} and deleted_at is null`
  return row?.seq
}

export async function memberIdsOf(conversationId: number): Promise<number[]> {
  const rows = await sql<Row<'conversation_members', 'user_id'>[]>`
    select me.user_id from ${membershipsIn(conversationId)}`
  return rows.map(({ user_id }) => user_id)
}

/** The number of the newest message that was committed before the cursor; 0 when there is none. */
export async function reachedIn(conversationId: number, cursor: Cursor): Promise<number> {
  const [row] = await sql<Row<'messages', 'seq'>[]>`
    select m.seq from messages m where m.conversation_id = ${conversationId} and m.xid < ${reached(cursor)}
    order by m.seq desc limit 1`
  return row?.seq ?? 0
}

/** How much is replayed. */
export interface ReplayLimits {
  count: number
  bytes: number
}

/** Messages of a conversation changed after `seq`; new are those sent in the last minute. Undefined for more than `max`. */
export const messagesAfter = (conversationId: number, seq: number, max: ReplayLimits) =>
  found(
    sql`select m.* from messages m where m.conversation_id = ${conversationId} and m.seq > ${seq}`,
    sql`now() - interval '1 minute'`,
    max,
  )

/**
 * Messages in the user's conversations changed since the cursor; by conversation, then `seq`. Undefined for more than `max`.
 *
 * What was committed after the cursor has an `xid` that had not ended then, and a higher `seq` than all before: reading
 * backwards by `seq`, the first older `xid` is the end of it. Asked for by `xid` alone, PostgreSQL reads all messages of
 * all of the user's conversations.
 */
export const messagesSince = (userId: number, cursor: Cursor, max: ReplayLimits) =>
  found(
    sql`
      select m.* from ${membershipsOf(userId)}
      join messages m on m.conversation_id = c.id and m.seq > coalesce((
        select known.seq from messages known where known.conversation_id = c.id and known.xid < ${reached(cursor)}
        order by known.seq desc limit 1), 0)
      where c.xid >= ${reached(cursor)}`,
    sql`${new Date(cursor.time)}`,
    max,
  )

async function found(
  messages: Fragment,
  newFrom: Fragment,
  { count, bytes }: ReplayLimits,
): Promise<Found[] | undefined> {
  const order = sql`m.conversation_id, m.seq`
  const rows = await sql<(MessageRow & Fitted & { is_new: boolean })[]>`
    select ${messageColumns()}, m.is_followed, m.bytes, m.created_at >= ${newFrom} as is_new
    from ${firstFitting(messages, order, count, bytes)} ${messageParts()}
    order by ${order}`
  if (rows.at(-1)?.is_followed) return undefined
  return (await complete(rows)).map((message, i) => ({ ...message, is_new: rows[i]!.is_new }))
}

/** The user's conversations changed since the cursor, also in their own settings, with their newest numbers. */
export const conversationsSince = (userId: number, cursor: Cursor) => sql<
  Row<'conversations', 'id' | 'seq'>[]
>`
  select c.id, c.seq from ${membershipsOf(userId)}
  where c.xid >= ${reached(cursor)} or me.xid >= ${reached(cursor)}
  order by c.id`

/** Conversations that were taken from the user since the cursor. */
export async function lostSince(userId: number, cursor: Cursor): Promise<number[]> {
  const rows = await sql<Row<'conversations', 'id'>[]>`
    select d.conversation_id as id from conversation_departures d
    where d.user_id = ${userId} and d.xid >= ${reached(cursor)} and not exists (
      select from conversation_members me where me.conversation_id = d.conversation_id and me.user_id = d.user_id)
    union
    select c.id from conversation_members me join conversations c on c.id = me.conversation_id
    where me.user_id = ${userId} and c.deleted_at is not null and c.xid >= ${reached(cursor)}`
  return rows.map(({ id }) => id)
}

/**
 * How far others (and the user elsewhere) read since the cursor; not in large groups. Who was added has a position too,
 * but has read nothing.
 */
export const readSince = (userId: number, cursor: Cursor, limit: number) => sql<Events['message_read'][]>`
  select cm.conversation_id, cm.user_id, cm.last_read_at as read_at, cm.last_read_message_id as message_id
  from ${membershipsOf(userId)}
  join conversation_members cm on cm.conversation_id = c.id
  where cm.xid >= ${reached(cursor)} and cm.last_read_message_id is not null and cm.last_read_at is not null
    and (select count(*) from conversation_members each_one where each_one.conversation_id = c.id) <= ${limits.smallGroupMembers}
  order by cm.conversation_id, cm.last_read_at
  limit ${limit}`

/** The first transaction that has not begun yet. */
export async function nextTransaction(): Promise<bigint> {
  const [row] = await sql<[{ xmax: string }]>`select pg_snapshot_xmax(pg_current_snapshot())::text as xmax`
  return BigInt(row.xmax)
}

/**
 * The first transaction that has not ended in this database. Not the snapshot's own xmin: a transaction held open in
 * another database of the same server would hold it back.
 */
async function horizon(): Promise<bigint> {
  const [{ xmax, running }] = await sql<[{ xmax: string; running: number[] }]>`
    select pg_snapshot_xmax(pg_current_snapshot())::text as xmax, array(
      select backend_xid::text::bigint from pg_stat_activity a join pg_database d on d.oid = a.datid
      where d.datname = current_database() and backend_xid is not null) as running`
  const next = BigInt(xmax)
  // Of a running one only the lower half of its number is shown.
  const numbers = running.map((xid) => next + BigInt.asIntN(32, BigInt(xid) - next))
  return numbers.reduce((lowest, each) => (each < lowest ? each : lowest), next)
}

/**
 * Conversations changed since the cursor, with those of the users whom that concerns; and the cursor current now.
 * The cursor is read first: what ends between the two is found now, and once more by the next poll. A restarted
 * server is another epoch: after a crash it may give out the numbers of transactions again that had not ended.
 */
export async function changedSince(cursor: Cursor | undefined, userIds: number[]): Promise<Poll> {
  const xmin = await horizon()
  const since = cursor ? reached(cursor) : sql`pg_snapshot_xmax(pg_current_snapshot())`
  const [row] = await sql<{ history: string; epoch: string; time: number; changed: Changed[] | null }[]>`
    select current_history() as history,
      left(digest_of(concat_ws(':', current_history(), pg_postmaster_start_time())), 8) as epoch,
      floor(extract(epoch from clock_timestamp()) * 1000)::bigint as time,
      (select jsonb_agg(jsonb_build_object('conversationId', c.id, 'seq', c.seq,
        'memberIds', case when c.deleted_at is null then coalesce(members.ids, '[]') else '[]' end,
        'joinedIds', coalesce(members.joined, '[]'),
        'goneIds', coalesce(gone.ids, '[]') || case when c.deleted_at is null then '[]' else coalesce(members.ids, '[]') end))
       from conversations c
       left join lateral (
         select jsonb_agg(cm.user_id) as ids,
           jsonb_agg(cm.user_id) filter (where cm.joined_at > now() - interval '20 seconds') as joined
         from conversation_members cm
         where cm.conversation_id = c.id and cm.user_id = any(${userIds})) members on true
       left join lateral (
         select jsonb_agg(d.user_id) as ids from conversation_departures d
         where d.conversation_id = c.id and d.user_id = any(${userIds}) and d.xid >= ${since} and not exists (
           select from conversation_members cm where cm.conversation_id = c.id and cm.user_id = d.user_id)) gone on true
       where c.xid >= ${since} and (members.ids is not null or gone.ids is not null)) as changed`
  const { history, epoch, time, changed } = row!
  return { cursor: { epoch, xmin, time }, history, changed: changed ?? [] }
}
