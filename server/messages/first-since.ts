import { membershipsOf } from '../changes/membership.ts'
import { sql } from '../db/client.ts'
import { notFound } from '../web/problem.ts'

/**
 * The id of a conversation's first message at or after a time; undefined when there is none.
 * @param at ISO 8601
 * @throws Problem 404 when the viewer is no member
 */
export async function firstSince(
  viewerId: number,
  conversationId: number,
  at: string,
): Promise<number | undefined> {
  const [row] = await sql<{ id: number | null; steps: number }[]>`${halving(viewerId, conversationId, at)}`
  if (!row?.steps) throw notFound()
  return row.id ?? undefined
}

/**
 * Times ascend with ids, but for those sent within a transaction's length of each other. So the range of ids in which the
 * message must be is halved, some twenty times in a conversation of a million: each step is one row of the index by which
 * pages are read. An index by time would have to be kept up by every send.
 */
const halving = (viewerId: number, conversationId: number, at: string) => sql`
  with recursive range (low, past, found) as (
    select first.id, c.last_message_id + 1, null::bigint
    from ${membershipsOf(viewerId)}
    left join lateral (
      select m.id from messages m where m.conversation_id = c.id order by m.conversation_id, m.id limit 1
    ) first on true
    where c.id = ${conversationId}
    union all
    select case when m.is_before then m.id + 1 else low end,
      case when m.is_before then past else (low + past) / 2 end,
      case when m.is_before then found else coalesce(m.id, found) end
    from range
    left join lateral (
      select m.id, m.created_at < ${at}::timestamptz as is_before from messages m
      where m.conversation_id = ${conversationId} and m.id >= (low + past) / 2 and m.id < past
      order by m.conversation_id, m.id limit 1
    ) m on true
    where low < past
  )
  select min(found) as id, count(*)::int as steps from range`
