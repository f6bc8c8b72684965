import { membershipsOf } from '../changes/membership.ts'
import { writeCursor } from '../contract/cursor.ts'
import type { StarredPage, StarredQuery } from '../contract/stars.ts'
import { otherPerson, title } from '../conversations/title.ts'
import { sql } from '../db/client.ts'
import { countFitting, writtenBytes } from '../messages/fitting.ts'
import { messagesById } from '../messages/store.ts'

interface StarRow {
  id: number
  message_id: number
  conversation_id: number
  title: string
  /** Of the message. */
  bytes: number
}

/**
 * A page of the messages that somebody has starred, the newest star first; fewer when they are long. Those in conversations
 * that they have left, or that were deleted, are left out.
 */
export async function starredPage(userId: number, { limit, cursor }: StarredQuery): Promise<StarredPage> {
  const rows = await sql<StarRow[]>`${starred(userId, limit + 1, cursor)}`
  const page = rows.slice(0, Math.min(limit, countFitting(rows)))
  const found = await messagesById(
    page.map((row) => row.message_id),
    sql,
    userId,
  )
  const titles = new Map(page.map((row) => [row.conversation_id, row.title]))
  const has_more = rows.length > page.length
  return {
    // One may have been deleted in between.
    messages: page.flatMap((row) => found.get(row.message_id) ?? []).filter((each) => !each.is_deleted),
    conversations: [...titles].map(([id, title]) => ({ id, title })),
    has_more,
    next_cursor: has_more ? writeCursor([page.at(-1)!.id]) : null,
  }
}

/** Read backwards along the index by star, until there are enough. */
export const starred = (userId: number, limit: number, before: number | undefined) => sql`
  select s.id, s.message_id, c.id as conversation_id, coalesce(${title()}, '') as title, ${writtenBytes()} as bytes
  from message_stars s
  join ${membershipsOf(userId)} on c.id = s.conversation_id
  join messages m on m.id = s.message_id and not m.is_deleted
  ${otherPerson()}
  where s.user_id = ${userId} ${before ? sql`and s.id < ${before}` : sql``}
  order by s.id desc
  limit ${limit}`
