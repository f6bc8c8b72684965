import { membershipsIn } from '../changes/membership.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Cursor } from '../live/cursor.ts'
import type { Changed, Poll } from '../live/source.ts'
import { type Found, messagesByReader, type ReplayLimits } from './found.ts'

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

/** Messages of a conversation changed after `seq`; new are those sent in the last minute. Undefined for more than `max`. */
export async function messagesAfter(
  conversationId: number,
  seq: number,
  max: ReplayLimits,
): Promise<Found[] | undefined> {
  const one = sql`(select 0 as index, null::bigint as user_id, now() - interval '1 minute' as time) reader`
  const messages = sql`select m.* from messages m where m.conversation_id = ${conversationId} and m.seq > ${seq}`
  const found = await messagesByReader(one, messages, max)
  return found.has(0) ? found.get(0) : []
}

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
