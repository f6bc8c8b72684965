import { membershipsOf } from '../changes/membership.ts'
import type { PinPage } from '../contract/pins.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { countFitting, writtenBytes } from '../messages/fitting.ts'
import { messagesById } from '../messages/store.ts'
import { notFound } from '../web/problem.ts'

interface PinRow extends Row<'message_pins', 'message_id' | 'created_at'> {
  /** Null of the only row of a conversation without pins. */
  id: number | null
  pinned_by: number
  /** Of the message. */
  bytes: number
}

/**
 * The pins of a conversation, the newest first: all of them, unless they are long messages.
 * @param cursor the `next_cursor` of the page before
 * @throws Problem 404
 */
export async function pinsOf(
  viewerId: number,
  conversationId: number,
  { limit, cursor }: { limit: number; cursor?: number | undefined },
): Promise<PinPage> {
  const rows = await sql<PinRow[]>`
    select p.id, p.message_id, p.pinned_by_id as pinned_by, p.created_at,
      (select ${writtenBytes()} from messages m where m.id = p.message_id) as bytes
    from ${membershipsOf(viewerId)}
    left join message_pins p on p.conversation_id = c.id ${cursor ? sql`and p.id < ${cursor}` : sql``}
    where c.id = ${conversationId}
    order by p.id desc
    limit ${limit + 1}`
  if (rows.length === 0) throw notFound()
  const found = rows.filter(({ id }) => id !== null)
  const page = found.slice(0, Math.min(limit, countFitting(found)))
  const has_more = found.length > page.length
  const messages = await messagesById(
    page.map((row) => row.message_id),
    sql,
    viewerId,
  )
  const pins = page.flatMap(({ message_id, pinned_by, created_at }) => {
    const message = messages.get(message_id)
    return message ? [{ message, pinned_by, created_at }] : []
  })
  return { pins, has_more, next_cursor: has_more ? (page.at(-1)?.id ?? null) : null }
}
