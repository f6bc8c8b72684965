import { sql } from '../db/client.ts'
import type { Pin } from '../live/events.ts'
import { messagesById } from '../messages/store.ts'
import { notFound } from '../web/problem.ts'

/** The pins of a conversation, the newest first. @throws Problem 404 */
export async function pinsOf(viewerId: number, conversationId: number): Promise<Pin[]> {
  const rows = await sql<{ message_id: number | null; pinned_by: number; created_at: string }[]>`
    select p.message_id, p.pinned_by_id as pinned_by, p.created_at
    from conversation_members me
    join conversations c on c.id = me.conversation_id and c.deleted_at is null
    left join message_pins p on p.conversation_id = c.id
    where me.conversation_id = ${conversationId} and me.user_id = ${viewerId}
    order by p.id desc`
  if (rows.length === 0) throw notFound()
  const messages = await messagesById(rows.flatMap((row) => row.message_id ?? []))
  return rows.flatMap(({ message_id, ...pin }) => {
    const message = message_id && messages.get(message_id)
    return message ? [{ message, ...pin }] : []
  })
}
