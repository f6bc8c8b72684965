import { membershipsOf } from '../changes/membership.ts'
import type { Events } from '../contract/events.ts'
import { limits } from '../contract/limits.ts'
import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import type { Cursor } from '../live/cursor.ts'
import { type Found, messagesByReader } from './found.ts'
import { maxMessages, maxReceipts } from './replay.ts'

/** A reader who reconnects. */
export interface Returning {
  userId: number
  /** Where they stood. */
  cursor: Cursor
}

/**
 * Rows `reader`. After a restart, or when a network returns, thousands come at the same time: what several of them ask is
 * one statement, in which each of them is a row.
 */
const reader = (readers: Returning[]) => sql`
  unnest(
    ${readers.map((_, i) => i)}::int[],
    ${readers.map(({ userId }) => userId)}::bigint[],
    ${readers.map(({ cursor }) => `${cursor.xmin}`)}::text[]::xid8[],
    ${readers.map(({ cursor }) => new Date(cursor.time).toISOString())}::text[]::timestamptz[]
  ) as reader (index, user_id, xmin, time)`

const theirs = () => membershipsOf(sql`reader.user_id`)

/** Rows for each reader, by their index. */
function byReader<R extends { index: number }>(readers: Returning[], rows: R[]): Omit<R, 'index'>[][] {
  const found: Omit<R, 'index'>[][] = readers.map(() => [])
  for (const { index, ...row } of rows) found[index]!.push(row)
  return found
}

/** The user's conversations changed since the cursor, also in their own settings, with their newest numbers. */
export const conversationsSince = batched({
  async ask(readers: Returning[]) {
    const rows = await sql<(Row<'conversations', 'id' | 'seq'> & { index: number })[]>`
      select reader.index, changed.* from ${reader(readers)} cross join lateral (
        select c.id, c.seq from ${theirs()}
        where c.xid >= reader.xmin or me.xid >= reader.xmin
        offset 0) changed
      order by changed.id`
    return byReader(readers, rows)
  },
})

/** All of it is read into memory: so many readers times what one of them is replayed at most. */
const maxReadersOfMessages = 20

/**
 * Messages in the user's conversations changed since the cursor; by conversation, then `seq`. Undefined for too
 * many.
 *
 * What was committed after the cursor has an `xid` that had not ended then, and a higher `seq` than all before: reading
 * backwards by `seq`, the first older `xid` is the end of it. Asked for by `xid` alone, PostgreSQL reads all messages of
 * all of the user's conversations.
 */
export const messagesSince = batched({
  maxTogether: maxReadersOfMessages,
  async ask(readers: Returning[]): Promise<(Found[] | undefined)[]> {
    const messages = sql`
      select m.* from ${theirs()}
      join messages m on m.conversation_id = c.id and m.seq > coalesce((
        select known.seq from messages known where known.conversation_id = c.id and known.xid < reader.xmin
        order by known.seq desc limit 1), 0)
      where c.xid >= reader.xmin`
    const found = await messagesByReader(reader(readers), messages, maxMessages)
    return readers.map((_, i) => (found.has(i) ? found.get(i) : []))
  },
})

/** Conversations that were taken from the user since the cursor, with their newest numbers. */
export const lostSince = batched({
  async ask(readers: Returning[]) {
    const rows = await sql<(Row<'conversations', 'id' | 'seq'> & { index: number })[]>`
      select reader.index, lost.* from ${reader(readers)} cross join lateral (
        select c.id, c.seq from conversation_departures d join conversations c on c.id = d.conversation_id
        where d.user_id = reader.user_id and d.xid >= reader.xmin and not exists (
          select from conversation_members me where me.conversation_id = d.conversation_id and me.user_id = d.user_id)
        union
        select c.id, c.seq from conversation_members me join conversations c on c.id = me.conversation_id
        where me.user_id = reader.user_id and c.deleted_at is not null and c.xid >= reader.xmin
        offset 0) lost`
    return byReader(readers, rows)
  },
})

/**
 * How far others (and the user elsewhere) read since the cursor; not in large groups. Who was added has a position too,
 * but has read nothing.
 */
export const readSince = batched({
  async ask(readers: Returning[]) {
    const rows = await sql<(Events['message_read'] & { index: number })[]>`
      select reader.index, read.* from ${reader(readers)} cross join lateral (
        select cm.conversation_id, cm.user_id, cm.last_read_at as read_at,
          case when cm.user_id = reader.user_id then read_up_to(cm.last_read_message_id, cm.unread_from_id)
            else cm.last_read_message_id end as message_id
        from ${theirs()}
        join conversation_members cm on cm.conversation_id = c.id
        where cm.xid >= reader.xmin and cm.last_read_message_id is not null and cm.last_read_at is not null
          and (select count(*) from conversation_members each_one where each_one.conversation_id = c.id)
            <= ${limits.smallGroupMembers}
        limit ${maxReceipts + 1}) read
      order by read.conversation_id, read.read_at`
    return byReader(readers, rows)
  },
})
