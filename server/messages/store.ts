import { membershipsOf } from '../changes/membership.ts'
import type { Message, MessagePage } from '../contract/messages.ts'
import { type Connection, sql } from '../db/client.ts'
import { notFound } from '../web/problem.ts'
import { firstSince } from './first-since.ts'
import { type Fitted, firstFitting, maxPageBytes } from './fitting.ts'
import { complete, type MessageRow, messageColumns, messageParts } from './rows.ts'

/** @param viewerId whose own votes and stars they have; without, none */
export async function messagesById(
  ids: number[],
  db: Connection = sql,
  viewerId: number | null = null,
): Promise<Map<number, Message>> {
  if (ids.length === 0) return new Map()
  const rows = await db<MessageRow[]>`
    select ${messageColumns(sql`${viewerId}::bigint`)} from messages m ${messageParts()} where m.id = any(${ids})`
  return new Map((await complete(rows, db)).map((message) => [message.id, message]))
}

/** At most one of these is given; without any, the newest page is meant. */
export interface Place {
  before_id?: number | undefined
  after_id?: number | undefined
  around_id?: number | undefined
  /** ISO 8601: around the first message at or after this time; when there is none, the newest page. */
  at?: string | undefined
}

/**
 * A page of messages, ascending by id; one indexed range, however long the conversation. Of long messages it holds fewer.
 * @throws Problem 404 when the viewer is no member
 */
export async function messagePage(
  viewerId: number,
  conversationId: number,
  { limit, at, ...place }: Place & { limit: number },
): Promise<MessagePage> {
  if (at !== undefined) place.around_id = await firstSince(viewerId, conversationId, at)
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
  // The member's row leads, so that one query distinguishes an empty page from a missing membership.
  const rows = await sql<(((MessageRow & Fitted) | { id: null }) & { conversation_seq: number })[]>`
    select c.seq as conversation_seq, page.*
    from ${membershipsOf(viewerId)}
    left join lateral (
      select ${messageColumns(sql`me.user_id`)}, m.bytes, m.is_followed
      from ${firstFitting(sql`select m.* from messages m where m.conversation_id = c.id ${beyond}`, order, limit, most)}
      ${messageParts()}
      order by ${order}
    ) page on true
    where c.id = ${conversationId}`
  if (rows.length === 0) throw notFound()
  const found = rows.filter((row) => row.id !== null)
  // The first message comes even when none was wanted.
  const page = found.slice(0, limit)
  const has_more = found.length > page.length || (page.at(-1)?.is_followed ?? false)
  const bytes = page.at(-1)?.bytes ?? 0
  const messages = await complete(side === 'before' ? page.reverse() : page)
  return { messages, has_more, bytes, seq: rows[0]!.conversation_seq }
}
