import type { Conversation, Member } from '../../server/contract/conversations.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { Reader } from '../reader.ts'
import { type Receipt, readersOf, receiptOf, type Shown } from './receipts.ts'

export type { Shown }

/** What the log of one conversation is drawn from. */
export interface Log {
  messages: Shown[]
  hasOlder: boolean
  /** The newest is not among them: the reader is somewhere further up. */
  hasNewer: boolean
  isGroup: boolean
  members: Member[]
  /** The message that was the first unread one; the divider stays there while it is read. */
  firstUnreadId: number | null
}

export type LogItem =
  | { key: string; template: 'messages/day'; at: string }
  | {
      key: string
      template:
        | 'messages/unread'
        | 'messages/older'
        | 'messages/newer'
        | 'messages/beginning'
        | 'messages/empty'
    }
  | MessageItem

export interface MessageItem {
  key: string
  template: 'messages/message'
  message: Shown
  mine: boolean
  /** First and last of a run of one sender's messages. */
  first: boolean
  last: boolean
  named: boolean
  receipt: Receipt | null
  /** Members of a group who have read until here and no further. */
  readers: Member[]
}

const RUN = 5 * 60 * 1000

/** A conversation's log as it stands when it is opened. */
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

/** Messages already read that stand above the first unread one when one begins with that. */
const context = 5

/** Whether a page shows the first unread message, and what was before it. */
export function showsUnread({ messages, has_more }: MessagePage, firstUnreadId: number | null): boolean {
  if (firstUnreadId === null) return true
  const index = messages.findIndex((message) => message.id === firstUnreadId)
  return index >= context || (index >= 0 && !has_more)
}

/** Puts day lines, the unread divider and the bubbles' runs into the order they are drawn. */
export function arrange(log: Log, reader: Reader): LogItem[] {
  const { messages, members, isGroup, firstUnreadId } = log
  const readers = isGroup ? readersOf(log, reader.me?.id) : undefined
  const unread = messages.find((message) => message.id === firstUnreadId)
  if (!messages.length) return [{ key: 'empty', template: 'messages/empty' }]
  const top = log.hasOlder ? 'older' : 'beginning'
  const items: LogItem[] = [{ key: top, template: `messages/${top}` }]
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
  if (log.hasNewer) items.push({ key: 'newer', template: 'messages/newer' })
  return items
}

// My own message keeps its node when the server's copy replaces the one drawn at once.
const keyOf = (message: Shown, mine: boolean) =>
  mine && message.client_id ? `c-${message.client_id}` : `m-${message.id}`

function sameDay(a: Message, b: Message, { clock }: Reader): boolean {
  return clock.day(a.created_at) === clock.day(b.created_at)
}

function sameRun(a: Message, b: Message, reader: Reader): boolean {
  if (a.kind !== 'user' || b.kind !== 'user' || a.sender_id !== b.sender_id) return false
  const apart = Date.parse(b.created_at) - Date.parse(a.created_at)
  return apart <= RUN && sameDay(a, b, reader)
}
