import { membershipsOf } from '../changes/membership.ts'
import { sql } from '../db/client.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { notFound } from '../web/problem.ts'
import { publishHeldReceipts } from './read.ts'

/** Among how many of the newest messages one of somebody else's is looked for. */
const maxLookedThrough = 1000

/**
 * Marks a message and all that follow as unread, for the reader alone: only their own devices hear of it, and what the
 * others see of how far they have read stays. What is unread already stays so.
 * @param messageId without it, the newest of somebody else's; where there is none, nothing happens
 * @throws Problem 404 when the reader is no member, or the message is not in this conversation
 */
export async function markUnread(userId: number, conversationId: number, messageId?: number): Promise<void> {
  const target =
    messageId === undefined
      ? newestOfOthers()
      : sql`select m.id from messages m where m.conversation_id = c.id and m.id = ${messageId}`
  const [place] = await sql<{ target: number | null; read_at: string | null }[]>`
    with place as (
      select me.conversation_id, me.user_id, (${target}) as target
      from ${membershipsOf(userId)} where c.id = ${conversationId}
    ), moved as (
      update conversation_members cm set unread_from_id = place.target, xid = pg_current_xact_id()
      from place
      where cm.conversation_id = place.conversation_id and cm.user_id = place.user_id
        and read_up_to(cm.last_read_message_id, cm.unread_from_id) >= place.target
      returning coalesce(cm.last_read_at, now())::timestamptz(3) as read_at
    )
    select place.target, moved.read_at from place left join moved on true`
  if (!place || (messageId !== undefined && place.target === null)) throw notFound()
  if (place.target === null || place.read_at === null) return
  publishHeldReceipts(userId, conversationId)
  const position = { message_id: place.target - 1, read_at: place.read_at, is_unread: true as const }
  publish([userId], signal('message_read', { conversation_id: conversationId, user_id: userId, ...position }))
}

const newestOfOthers = () => sql`
  select m.id from (
    select * from messages m where m.conversation_id = c.id order by m.id desc limit ${maxLookedThrough}
  ) m
  where m.sender_id <> me.user_id and m.kind = 'user' and not m.is_deleted
  order by m.id desc limit 1`
