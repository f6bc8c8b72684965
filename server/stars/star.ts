import { membershipsOf } from '../changes/membership.ts'
import { mayStar, type Subject } from '../changes/rights.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { notFound } from '../web/problem.ts'

/** Stars a message for oneself; one's other devices hear of it. @throws Problem 403, 404 */
export async function starMessage(userId: number, messageId: number): Promise<void> {
  const message = await find(userId, messageId)
  mayStar(message)
  const { conversation_id } = message
  const { count } = await sql`
    insert into message_stars (user_id, conversation_id, message_id)
    select ${userId}, m.conversation_id, m.id from messages m where m.id = ${messageId} and not m.is_deleted
    on conflict do nothing`
  if (count > 0) tell(userId, { conversation_id, message_id: messageId, is_starred: true })
}

/** @throws Problem 404 */
export async function unstarMessage(userId: number, messageId: number): Promise<void> {
  const { conversation_id } = await find(userId, messageId)
  const { count } = await sql`
    delete from message_stars where user_id = ${userId} and message_id = ${messageId}`
  if (count > 0) tell(userId, { conversation_id, message_id: messageId, is_starred: false })
}

type Found = Subject & Row<'messages', 'conversation_id'>

async function find(userId: number, messageId: number): Promise<Found> {
  const [message] = await sql<Found[]>`
    select m.conversation_id, m.sender_id, m.kind, m.is_deleted, false as is_old, false as is_poll
    from messages m join ${membershipsOf(userId)} on c.id = m.conversation_id
    where m.id = ${messageId}`
  if (!message) throw notFound()
  return message
}

const tell = (userId: number, data: Parameters<typeof signal<'message_starred'>>[1]) =>
  publish([userId], signal('message_starred', data))
