import type { Member } from '../../server/contract/conversations.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { Reader } from '../reader.ts'

/** Why a message, or the change of one, was not taken; each has its words in `refused.…`. */
export type Refusal = 'too_long' | 'session' | 'files' | 'edit' | 'edit_closed' | 'other'

/** A message of the log; one still on its way has id 0 and lives by its `client_id`. */
export type Shown = Message & { outgoing?: 'sending' | 'failed'; refused?: Refusal }

/** Receipts stay among so many: a larger group has none. */

export interface Receipt {
  state: 'sending' | 'failed' | 'sent' | 'delivered' | 'read'
  delivered_at?: string | null
  /** When the other had read up to here; `exact` when this is the message he stopped at. */
  read_at?: string | null
  exact?: boolean
}

/** A member as the page knows him: when something reached him, only the stream tells. */
export type Receiver = Member & { last_delivered_at?: string | null }

/** How far a message of mine has come; in a group only that it is sent. */
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

/** When my message was sent, delivered and read, a line each. */
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

/** Who stopped reading at which message: each member once, under the newest he has read. */
export function readersOf(
  { messages, members, hasNewer }: { messages: Shown[]; members: Member[]; hasNewer: boolean },
  me: number | undefined,
): Map<number, Member[]> {
  const readers = new Map<number, Member[]>()
  if (members.length > limits.companyMembers) return readers
  const ids = messages.filter((each) => each.kind === 'user' && each.id).map((each) => each.id)
  const senders = new Map(messages.map((each) => [each.id, each.sender_id]))
  const newest = messages.findLast((each) => each.id)?.id ?? 0
  for (const member of members) {
    const read = member.last_read_message_id ?? 0
    // Who was added later starts at the newest without having read anything: he has no time of reading.
    if (member.user_id === me || !member.last_read_at || (hasNewer && read > newest)) continue
    const at = read >= newest ? ids.at(-1) : ids.findLast((id) => id <= read)
    if (at === undefined || senders.get(at) === member.user_id) continue
    readers.set(at, [...(readers.get(at) ?? []), member])
  }
  return readers
}

/** Who has read a message and when he was last seen reading, and who of those it was written to has not. */
export function readersList(message: Shown, members: Member[], me: number | undefined) {
  const others = members.filter(({ user_id }) => user_id !== me && user_id !== message.sender_id)
  const has = (member: Member) =>
    Boolean(member.last_read_at) && (member.last_read_message_id ?? 0) >= message.id
  const read = others.filter(has).sort((a, b) => a.last_read_at!.localeCompare(b.last_read_at!))
  const waiting = others.filter((member) => !has(member) && member.joined_at <= message.created_at)
  return { read, waiting }
}
