import type { Message } from '../contract/messages.ts'
import { sql } from '../db/client.ts'
import { type Fitted, type Fragment, firstFitting } from '../messages/fitting.ts'
import { complete, type MessageRow, messageColumns, messageParts } from '../messages/rows.ts'

/** A message, and whether it is new since the time asked about. */
export type Found = Message & { is_new: boolean }

/** How much is replayed. */
export interface ReplayLimits {
  count: number
  bytes: number
}

/**
 * What each reader is to be shown of these messages, by conversation, then `seq`.
 * @param readers rows `reader`: their index, their user_id where each is one user, and the time from which a message is new to them
 * @param messages a select of rows of messages, which may refer to its `reader`
 * @returns by index, for those for whom there are any; undefined for more than `max`
 */
export async function messagesByReader(
  readers: Fragment,
  messages: Fragment,
  max: ReplayLimits,
): Promise<Map<number, Found[] | undefined>> {
  const rows = await sql<(MessageRow & Fitted & { index: number; is_new: boolean })[]>`
    select reader.index, ${messageColumns(sql`reader.user_id`)}, m.is_followed, m.bytes, m.created_at >= reader.time as is_new
    from ${readers} cross join lateral ${firstFitting(messages, inOrder(), max.count, max.bytes)} ${messageParts()}
    order by reader.index, ${inOrder()}`
  const isTooMuch = new Map(rows.map(({ index, is_followed }) => [index, is_followed]))
  const fitting = rows.filter(({ index }) => !isTooMuch.get(index))
  const messagesInOrder = await complete(fitting)
  const found = new Map<number, Found[] | undefined>(isTooMuch.keys().map((index) => [index, undefined]))
  for (const [i, { index, is_new }] of fitting.entries()) {
    const shown = found.get(index) ?? []
    found.set(index, shown)
    shown.push({ ...messagesInOrder[i]!, is_new })
  }
  return found
}

const inOrder = () => sql`m.conversation_id, m.seq`
