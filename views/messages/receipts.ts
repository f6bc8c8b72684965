import type { Member } from '../../server/contract/conversations.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { Reader } from '../reader.ts'

/** Why a message or edit was refused; each has its text in `refused.…`. */
export type Refusal = 'too_long' | 'session' | 'files' | 'edit' | 'edit_closed' | 'other'

/** A message of the log; one from the outbox has id 0 and is identified by its `client_id`. */
export type Shown = Message & { outgoing?: 'sending' | 'failed'; refused?: Refusal }

export interface Receipt {
  state: 'sending' | 'failed' | 'sent' | 'delivered' | 'read'
  delivered_at?: string | null
  /** When the other member's read position was last moved; `exact` when it is this very message. */
  read_at?: string | null
  exact?: boolean
}

/** A member as the page knows them: the time of delivery comes only from the stream. */
export type Receiver = Member & { last_delivered_at?: string | null }

/** The state of a message of mine; in a group, only that it was sent. */
export function receiptOf(message: Shown, members: Receiver[], isGroup: boolean): Receipt {
  if (message.outgoing) return { state: message.outgoing }
  const other = isGroup ? undefined : members.find((member) => member.user_id !== message.sender_id)
  if (!other) return { state: 'sent' }
  const { last_read_message_id: read, last_delivered_message_id: delivered } = other
  const delivered_at = delivered === message.id ? (other.last_delivered_at ?? null) : null
  if ((read ?? 0) >= message.id)
    return { state: 'read', delivered_at, read_at: other.last_read_at, exact: read === message.id }
  return (delivered ?? 0) >= message.id ? { state: 'delivered', delivered_at } : { state: 'sent' }
}

/** When a message of mine was sent, delivered and read, one line each. */
export function receiptLines(
  { message, receipt }: { message: Message; receipt: Receipt | null },
  { t, clock }: Reader,
): string[] {
  if (!receipt || receipt.state === 'sending' || receipt.state === 'failed') return []
  const { delivered_at, read_at, exact } = receipt
  return [
    t('receipts.sent', { time: clock.moment(message.created_at) }),
    delivered_at && t('receipts.delivered', { time: clock.moment(delivered_at) }),
    read_at && t(exact ? 'receipts.read' : 'receipts.read_by_then', { time: clock.moment(read_at) }),
  ].filter((line): line is string => Boolean(line))
}

/** By message id, the members whose read position it is; none in large groups. */
export function readersOf(
  { messages, members, hasNewer }: { messages: Shown[]; members: Member[]; hasNewer: boolean },
  me: number | undefined,
): Map<number, Member[]> {
  const readers = new Map<number, Member[]>()
  if (members.length > limits.smallGroupMembers) return readers
  const ids = messages.filter((each) => each.kind !== 'system' && each.id).map((each) => each.id)
  const senders = new Map(messages.map((each) => [each.id, each.sender_id]))
  const newest = messages.findLast((each) => each.id)?.id ?? 0
  for (const member of members) {
    const read = member.last_read_message_id ?? 0
    // Someone added later starts at the newest message without having read it, so they have no `last_read_at`.
    if (member.user_id === me || !member.last_read_at || (hasNewer && read > newest)) continue
    const at = read >= newest ? ids.at(-1) : ids.findLast((id) => id <= read)
    if (at === undefined || senders.get(at) === member.user_id) continue
    readers.set(at, [...(readers.get(at) ?? []), member])
  }
  return readers
}
