import { webAddresses } from '../../views/messages/linked.ts'
import { membershipsOf } from '../changes/membership.ts'
import { limits } from '../contract/limits.ts'
import type { Shared } from '../contract/shared.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { type Fitted, firstFitting } from '../messages/fitting.ts'
import { notFound } from '../web/problem.ts'
import type { Found, Place, Placed } from './place.ts'

/** Few messages look to the database as if they had a link and have none; of no page are more read than so often. */
const maxReads = 10
/** Messages that are read at a time, at least. */
const minMessages = 50

/** The links of a conversation. @throws Problem 404 */
export async function linksIn(viewerId: number, conversationId: number, from: Place): Promise<Found> {
  let found: Found = { placed: [], next: from }
  for (let reads = 0; reads < maxReads && found.next && !found.placed.length; reads++)
    found = await read(viewerId, conversationId, { ...from, ...found.next })
  return found
}

interface LinkRow extends Fitted, Pick<Row<'messages', 'created_at'>, 'created_at'> {
  /** Null of the only row of a conversation without links. */
  id: number | null
  content: string
  /** That of the preview, which is of the first link. */
  title: string | null
}

async function read(viewerId: number, conversationId: number, from: Place): Promise<Found> {
  const rows = await sql<LinkRow[]>`${findingLinks(viewerId, conversationId, from)}`
  if (rows.length === 0) throw notFound()
  const found = rows.filter((row): row is LinkRow & { id: number } => row.id !== null)
  const all = found
    .flatMap((row) => linksOf(row))
    .filter(({ message, place }) => message < from.message || place > from.place)
  const placed = all.slice(0, from.limit)
  const last = found.at(-1)
  if (all.length > placed.length) return { placed, next: placed.at(-1) }
  return { placed, next: last?.is_followed ? { message: last.id, place: limits.messageLinks } : undefined }
}

/** Each address once, in the order of the message. */
function linksOf({ id, content, title, created_at }: LinkRow & { id: number }): Placed[] {
  const urls = [...new Set(webAddresses(content))].slice(0, limits.messageLinks)
  return urls.map((url, index) => {
    const named: Pick<Shared, 'title'> = index === 0 && title ? { title } : {}
    return { message: id, place: index + 1, item: { message_id: id, created_at, url, ...named } }
  })
}

/** The messages that may have links, as many as fit. Exported for a test of its plan. */
export const findingLinks = (viewerId: number, conversationId: number, { limit, message, place }: Place) => {
  // A message that is through is not read again: it might fill a page by itself.
  const last = place < limits.messageLinks ? message : message - 1
  const candidates = sql`
    select m.* from messages m where m.conversation_id = c.id and m.id <= ${last} and has_link(m.content)`
  return sql`
    select page.* from ${membershipsOf(viewerId)}
    left join lateral (
      select m.id, m.content, m.link_preview ->> 'title' as title, m.created_at, m.bytes, m.is_followed
      from ${firstFitting(candidates, sql`m.id desc`, Math.max(limit, minMessages))}
    ) page on true
    where c.id = ${conversationId}
    order by page.id desc`
}
