import { config } from '../config.ts'
import type { Message, MessagePage } from '../contract/messages.ts'
import { membershipsOf } from '../conversations/membership.ts'
import { type Connection, sql } from '../db/client.ts'
import type { Task } from '../jobs/tasks.ts'
import { notFound } from '../web/problem.ts'
import { type Fitted, firstFitting, maxPageBytes } from './fitting.ts'
import { complete, type MessageRow, messageColumns, messageParts, toMessage } from './rows.ts'

export interface Draft {
  conversationId: number
  senderId: number
  content: string
  contentText: string
  replyToId?: number | undefined
  clientId?: string | undefined
  attachmentIds?: number[] | undefined
  /** Nobody is mailed about it. */
  isQuiet?: boolean
  /** Further jobs about it. */
  tasks?: Extract<Task, 'preview'>[]
}

export type Sent =
  | { outcome: 'sent'; message: Message; recipients: number[] }
  | { outcome: 'repeated'; message: Message }
  | { outcome: 'not_found' | 'reply_not_found' | 'attachment_not_found' }

/**
 * Stores a message in one round trip; see `send_message` in drizzle/schema.sql. What it has besides its row, it has
 * only when attachments are sent with it, or when it was sent before: then that is asked for.
 */
export async function insertMessage(draft: Draft): Promise<Sent> {
  const [row] = await sql<(MessageRow & { outcome: Sent['outcome']; recipients: number[] })[]>`
    select sent.outcome, sent.recipients, ${messageColumns()}
    from send_message(${draft.conversationId}, ${draft.senderId}, ${draft.content}, ${draft.contentText},
      ${draft.replyToId ?? null}, ${draft.clientId ?? null}, ${draft.attachmentIds ?? []},
      in_notify_after => ${draft.isQuiet ? null : config.emailDelaySeconds}, in_tasks => ${draft.tasks ?? []}) sent
    cross join lateral (select (sent.message).*) m
    ${messageParts()}`
  const { outcome, recipients } = row!
  if (outcome !== 'sent' && outcome !== 'repeated') return { outcome }
  const isBare = outcome === 'sent' && !draft.attachmentIds?.length
  const message = isBare ? toMessage(row!) : (await complete([row!]))[0]!
  return { outcome, recipients, message }
}

export async function messagesById(ids: number[], db: Connection = sql): Promise<Map<number, Message>> {
  if (ids.length === 0) return new Map()
  const rows = await db<MessageRow[]>`
    select ${messageColumns()} from messages m ${messageParts()} where m.id = any(${ids})`
  return new Map((await complete(rows, db)).map((message) => [message.id, message]))
}

/** Pages are asked for by at most one of these; by none, the newest page is meant. */
export interface Place {
  before_id?: number | undefined
  after_id?: number | undefined
  around_id?: number | undefined
}

/**
 * A page of messages, ascending by id; one indexed range, however long the conversation. Of long messages it holds fewer.
 * @throws Problem 404 when the viewer is no member
 */
export async function messagePage(
  viewerId: number,
  conversationId: number,
  { limit, ...place }: Place & { limit: number },
): Promise<MessagePage> {
  if (place.around_id !== undefined) return pageAround(viewerId, conversationId, place.around_id, limit)
  if (place.after_id !== undefined) {
    const { bytes: _, ...page } = await range(viewerId, conversationId, 'after', place.after_id, limit)
    return { ...page, next_cursor: page.has_more ? (page.messages.at(-1)?.id ?? null) : null }
  }
  const { bytes: _, ...page } = await range(viewerId, conversationId, 'before', place.before_id, limit)
  const next_cursor = page.has_more ? (page.messages[0]?.id ?? null) : null
  return { ...page, ...(place.before_id === undefined && { has_newer: false }), next_cursor }
}

/** Half the page older than `id`, and the other half beginning with it. */
async function pageAround(
  viewerId: number,
  conversationId: number,
  id: number,
  limit: number,
): Promise<MessagePage> {
  const older = await range(viewerId, conversationId, 'before', id, Math.floor(limit / 2), maxPageBytes / 2)
  const room = { count: limit - older.messages.length, bytes: maxPageBytes - older.bytes }
  const newer = await range(viewerId, conversationId, 'after', id - 1, room.count, room.bytes)
  const messages = [...older.messages, ...newer.messages]
  const next_cursor = older.has_more ? (messages[0]?.id ?? null) : null
  return { messages, has_more: older.has_more, has_newer: newer.has_more, next_cursor, seq: older.seq }
}

async function range(
  viewerId: number,
  conversationId: number,
  side: 'before' | 'after',
  id: number | undefined,
  limit: number,
  most = maxPageBytes,
): Promise<Pick<MessagePage, 'messages' | 'has_more' | 'seq'> & { bytes: number }> {
  const beyond = id === undefined ? sql`` : side === 'before' ? sql`and m.id < ${id}` : sql`and m.id > ${id}`
  const order = side === 'before' ? sql`m.id desc` : sql`m.id`
  // The member's row leads, so that an empty page and no membership can be told apart in one query.
  const rows = await sql<(((MessageRow & Fitted) | { id: null }) & { conversation_seq: number })[]>`
    select c.seq as conversation_seq, page.*
    from ${membershipsOf(viewerId)}
    left join lateral (
      select ${messageColumns()}, m.bytes, m.is_followed
      from ${firstFitting(sql`select m.* from messages m where m.conversation_id = c.id ${beyond}`, order, limit, most)}
      ${messageParts()}
      order by ${order}
    ) page on true
    where c.id = ${conversationId}`
  if (rows.length === 0) throw notFound()
  const found = rows.filter((row) => row.id !== null)
  // The first one comes also where none was wanted.
  const page = found.slice(0, limit)
  const has_more = found.length > page.length || (page.at(-1)?.is_followed ?? false)
  const bytes = page.at(-1)?.bytes ?? 0
  const messages = await complete(side === 'before' ? page.reverse() : page)
  return { messages, has_more, bytes, seq: rows[0]!.conversation_seq }
}

export interface Position {
  read_at: string
  message_id: number
  recipients: number[]
}

/**
 * Moves the reader's position to `messageId`, or to the newest message; never back.
 * @returns the new position, or undefined when it did not move
 * @throws Problem 404 when he is no member, or the message is not of this conversation
 */
export async function moveReadPosition(
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
