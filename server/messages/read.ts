import { membershipsOf } from '../changes/membership.ts'
import type { Events } from '../contract/events.ts'
import { limits } from '../contract/limits.ts'
import { sql } from '../db/client.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { notFound } from '../web/problem.ts'

/** Told at most so often for a member and conversation. Milliseconds. */
const every = 1000

/** What waits to be told, by conversation and reader; nothing waits right after something was told. */
const waiting = new Map<string, { tell: (() => void) | undefined }>()

/**
 * Marks a conversation as read up to a message, or up to its newest. The position is stored at once, so that who
 * asks next sees it; the members are told at most once a second, and not at all in large groups.
 */
export async function markRead(userId: number, conversationId: number, messageId?: number): Promise<void> {
  const moved = await moveReadPosition(userId, conversationId, messageId)
  if (!moved) return
  const { recipients, ...position } = moved
  // One's own devices keep their badges right whatever the size of the group.
  const audience = recipients.length > limits.companyMembers ? [userId] : recipients
  tellSparingly(audience, { conversation_id: conversationId, user_id: userId, ...position })
}

interface Position {
  read_at: string
  message_id: number
  recipients: number[]
}

/**
 * Moves the reader's position to `messageId`, or to the newest message; never back.
 * @returns the new position, or undefined when it did not move
 * @throws Problem 404 when he is no member, or the message is not of this conversation
 */
async function moveReadPosition(
  userId: number,
  conversationId: number,
  messageId: number | undefined,
): Promise<Position | undefined> {
  const [row] = await sql<{ target: number | null; moved: Position | null; recipients: number[] }[]>`
    with place as (
      select me.conversation_id, me.user_id,
        ${messageId === undefined ? sql`c.last_message_id` : sql`(select m.id from messages m where m.conversation_id = c.id and m.id = ${messageId})`} as target
      from ${membershipsOf(userId)} where c.id = ${conversationId}
    ), moved as (
      update conversation_members cm set
        last_read_message_id = place.target, last_read_at = now(),
        last_delivered_message_id = greatest(cm.last_delivered_message_id, place.target),
        last_delivered_at = coalesce(cm.last_delivered_at, now()), xid = pg_current_xact_id()
      from place
      where cm.conversation_id = place.conversation_id and cm.user_id = place.user_id
        and coalesce(cm.last_read_message_id, 0) < place.target
      returning cm.last_read_at, cm.last_read_message_id
    )
    select place.target,
      (select jsonb_build_object('read_at', to_char(last_read_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'message_id', last_read_message_id) from moved) as moved,
      array(select user_id from conversation_members where conversation_id = ${conversationId}) as recipients
    from place`
  if (!row || (messageId !== undefined && row.target === null)) throw notFound()
  return row.moved ? { ...row.moved, recipients: row.recipients } : undefined
}

function tellSparingly(recipients: number[], data: Events['message_read']): void {
  const key = `${data.conversation_id}:${data.user_id}`
  const tell = () => publish(recipients, signal('message_read', data))
  const told = waiting.get(key)
  if (told) {
    told.tell = tell
    return
  }
  tell()
  pause(key)
}

function pause(key: string): void {
  waiting.set(key, { tell: undefined })
  setTimeout(() => {
    const tell = waiting.get(key)?.tell
    waiting.delete(key)
    if (!tell) return
    tell()
    pause(key)
  }, every).unref()
}
