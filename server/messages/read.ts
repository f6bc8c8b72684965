import { membershipsOf } from '../changes/membership.ts'
import type { Events } from '../contract/events.ts'
import { limits } from '../contract/limits.ts'
import { sql } from '../db/client.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { notFound } from '../web/problem.ts'

/** How often a receipt is published, at most, for a member and conversation. */
const everyMs = 1000

/** The latest receipt held back, by conversation, reader and who is told; undefined right after one was published. */
const throttled = new Map<string, { publishHeld: (() => void) | undefined }>()

/**
 * Marks a conversation as read up to a message, or up to its newest. The position is stored at once, so that the
 * next request sees it; it is published at most once a second, and in large groups to the reader's own devices only.
 */
export async function markRead(userId: number, conversationId: number, messageId?: number): Promise<void> {
  const moved = await moveReadPosition(userId, conversationId, messageId)
  if (!moved) return
  const { recipients, is_news, ...position } = moved
  // The reader's own devices need it for their badges, whatever the size of the group; the others have heard of what was
  // marked as unread and is read again.
  const audience = recipients.length > limits.smallGroupMembers || !is_news ? [userId] : recipients
  publishThrottled(audience, { conversation_id: conversationId, user_id: userId, ...position })
}

/** Marks each of these messages as read that the reader can see: in each conversation, up to the newest. */
export async function markEachRead(userId: number, messageIds: number[]): Promise<void> {
  const newest = await sql<{ conversation_id: number; id: number }[]>`
    select c.id as conversation_id, max(m.id) as id
    from messages m join ${membershipsOf(userId)} on c.id = m.conversation_id
    where m.id = any(${messageIds})
    group by c.id`
  for (const { conversation_id, id } of newest) await markRead(userId, conversation_id, id)
}

interface Position {
  read_at: string
  message_id: number
  /** Further than ever. */
  is_news: boolean
  recipients: number[]
}

/**
 * Moves the reader's position to `messageId`, or to the newest message; never back.
 * @returns the new position, or undefined when it did not move
 * @throws Problem 404 when the reader is no member, or the message is not in this conversation
 */
async function moveReadPosition(
  userId: number,
  conversationId: number,
  messageId: number | undefined,
): Promise<Position | undefined> {
  const [row] = await sql<{ target: number | null; moved: Position | null; recipients: number[] }[]>`
    with place as (
      select me.conversation_id, me.user_id, me.last_read_message_id as before,
        ${messageId === undefined ? sql`c.last_message_id` : sql`(select m.id from messages m where m.conversation_id = c.id and m.id = ${messageId})`} as target
      from ${membershipsOf(userId)} where c.id = ${conversationId}
    ), moved as (
      update conversation_members cm set
        unread_from_id = case when place.target < cm.last_read_message_id then place.target + 1 end,
        last_read_message_id = greatest(cm.last_read_message_id, place.target),
        last_read_at = coalesce(case when cm.last_read_message_id >= place.target then cm.last_read_at end, now()),
        last_delivered_message_id = greatest(cm.last_delivered_message_id, place.target),
        last_delivered_at = coalesce(
          case when cm.last_delivered_message_id >= place.target then cm.last_delivered_at end, now()), xid = pg_current_xact_id()
      from place
      where cm.conversation_id = place.conversation_id and cm.user_id = place.user_id
        and read_up_to(cm.last_read_message_id, cm.unread_from_id) < place.target
      returning cm.last_read_at, place.target, coalesce(place.before, 0) < place.target as is_news
    )
    select place.target,
      (select jsonb_build_object('read_at', to_char(last_read_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'message_id', target, 'is_news', is_news) from moved) as moved,
      array(select user_id from conversation_members where conversation_id = ${conversationId}) as recipients
    from place`
  if (!row || (messageId !== undefined && row.target === null)) throw notFound()
  return row.moved ? { ...row.moved, recipients: row.recipients } : undefined
}

function publishThrottled(recipients: number[], data: Events['message_read']): void {
  const key = keyOf(data.conversation_id, data.user_id, recipients.length > 1)
  const publishHeld = () => publish(recipients, signal('message_read', data))
  const held = throttled.get(key)
  if (held) {
    held.publishHeld = publishHeld
    return
  }
  publishHeld()
  pause(key)
}

const keyOf = (conversationId: number, userId: number, isToOthers: boolean) =>
  [conversationId, userId, isToOthers].join(':')

/** Publishes now what is held back, before what contradicts it. */
export function publishHeldReceipts(userId: number, conversationId: number): void {
  for (const isToOthers of [true, false]) {
    const held = throttled.get(keyOf(conversationId, userId, isToOthers))
    held?.publishHeld?.()
    if (held) held.publishHeld = undefined
  }
}

function pause(key: string): void {
  throttled.set(key, { publishHeld: undefined })
  setTimeout(() => {
    const publishHeld = throttled.get(key)?.publishHeld
    throttled.delete(key)
    if (!publishHeld) return
    publishHeld()
    pause(key)
  }, everyMs).unref()
}
