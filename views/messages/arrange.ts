import type { Conversation, Member } from '../../server/contract/conversations.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { Reader } from '../reader.ts'
import { type Receipt, readersOf, receiptOf, type Shown } from './receipts.ts'

export type { Shown }

export interface Log {
  messages: Shown[]
  hasOlder: boolean
  /** The newest messages are not loaded. */
  hasNewer: boolean
  isGroup: boolean
  members: Member[]
  /** The divider stays above this message after it has been read. */
  firstUnreadId: number | null
}

export type LogItem =
  | { key: string; template: 'messages/day'; at: string }
  | { key: string; template: 'messages/unread' | 'messages/beginning' | 'messages/empty' }
  /** There are more messages beyond this one. */
  | { key: string; template: 'messages/older' | 'messages/newer'; from: number }
  | MessageItem

export interface MessageItem {
  key: string
  template: 'messages/message'
  message: Shown
  mine: boolean
  /** First and last in a run of messages from one sender. */
  first: boolean
  last: boolean
  named: boolean
  receipt: Receipt | null
  /** In a group: the members whose read position this is. */
  readers: Member[]
}

const maxRunGapMs = 5 * 60 * 1000

export function logOf(conversation: Conversation, page: MessagePage): Log {
  return {
    messages: page.messages,
    hasOlder: page.has_more,
    hasNewer: page.has_newer ?? false,
    isGroup: conversation.is_group,
    members: conversation.members ?? [],
    firstUnreadId: conversation.first_unread_id,
  }
}

/** Read messages shown as context above the first unread one. */
const contextMessages = 5

/** Whether a page has the first unread message and its context. */
export function showsUnread({ messages, has_more }: MessagePage, firstUnreadId: number | null): boolean {
  if (firstUnreadId === null) return true
  const index = messages.findIndex((message) => message.id === firstUnreadId)
  return index >= contextMessages || (index >= 0 && !has_more)
}

/** The items of the log from top to bottom: day lines, the unread divider, and messages grouped into runs. */
export function arrange(log: Log, reader: Reader): LogItem[] {
  const { messages, members, isGroup, firstUnreadId } = log
  const readers = isGroup ? readersOf(log, reader.me?.id) : undefined
  const unread = messages.find((message) => message.id === firstUnreadId)
  const [oldest, newest] = [messages[0], messages.at(-1)]
  if (!oldest || !newest) return [{ key: 'empty', template: 'messages/empty' }]
  const items: LogItem[] = log.hasOlder
    ? [{ key: 'older', template: 'messages/older', from: oldest.id }]
    : [{ key: 'beginning', template: 'messages/beginning' }]
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1]
    const after = messages[index + 1]
    if (!before || !sameDay(before, message, reader)) {
      items.push({
        key: `day-${reader.clock.day(message.created_at)}`,
        template: 'messages/day',
        at: message.created_at,
      })
    }
    if (message === unread) items.push({ key: 'unread', template: 'messages/unread' })
    const mine = message.sender_id === reader.me?.id
    const first = !before || message === unread || !sameRun(before, message, reader)
    items.push({
      key: keyOf(message, mine),
      template: 'messages/message',
      message,
      mine,
      first,
      last: !after || after === unread || !sameRun(message, after, reader),
      named: first && log.isGroup && !mine,
      receipt: mine && !message.is_deleted ? receiptOf(message, members, isGroup) : null,
      readers: readers?.get(message.id) ?? [],
    })
  }
  if (log.hasNewer) items.push({ key: 'newer', template: 'messages/newer', from: newest.id })
  return items
}

// A message of mine keeps its node when the server's copy replaces the optimistic one.
const keyOf = (message: Shown, mine: boolean) =>
  mine && message.client_id ? `c-${message.client_id}` : `m-${message.id}`

function sameDay(a: Message, b: Message, { clock }: Reader): boolean {
  return clock.day(a.created_at) === clock.day(b.created_at)
}

function sameRun(a: Message, b: Message, reader: Reader): boolean {
  if (a.kind === 'system' || b.kind === 'system' || a.sender_id !== b.sender_id) return false
  const apart = Date.parse(b.created_at) - Date.parse(a.created_at)
  return apart <= maxRunGapMs && sameDay(a, b, reader)
}
