import { isStanding } from '../accounts/standing.ts'
import { spokenName } from '../attachments/store.ts'
import type { SystemLine } from '../contract/messages.ts'
import type { QuietHours } from '../contract/users.ts'
import { unreadOf } from '../conversations/store.ts'
import { otherPerson, title } from '../conversations/title.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { silence, unreadLines } from '../notifications/verdict.ts'

/** A subscription to be told of what is new in a conversation since a message. */
export interface Target {
  conversationId: number
  subscriptionId: number
  fromId: number
}

/** What is pushed to a subscription, and with which keys. */
export interface Notice extends Row<'push_subscriptions', 'endpoint' | 'p256dh' | 'auth'> {
  conversationId: number
  isGroup: boolean
  /** The conversation's, as the member sees it; empty when the other person of a 1:1 is gone. */
  title: string
  locale: string
  messageId: number
  kind: 'user' | 'system'
  line: SystemLine | null
  /** The beginning of its text. */
  text: string | null
  sender: string
  /** The name of its first file. */
  file: string | null
  unreadCount: number
  /** Of whom it is for. */
  quietHours: QuietHours | null
}

/** Far more than is shown, and little of a message that may be long. */
const maxTextCharacters = 1000

/** Whoever was not told within it is not told any more. */
const maxAge = () => sql`interval '6 hours'`

/**
 * The newest message in a conversation that a subscription is to be told of, as of now: unread, newer than the one it was
 * told of last, and by the rule that mails also go by.
 */
export async function findNotice({ conversationId, subscriptionId, fromId }: Target) {
  const [found] = await sql<Notice[]>`
    select p.endpoint, p.p256dh, p.auth, c.id as "conversationId", c.is_group as "isGroup",
      coalesce(${title()}, '') as title, u.locale, m.id as "messageId", m.kind, m.line,
      left(m.content_text, ${maxTextCharacters}) as text, sender.name as sender,
      (select ${spokenName()} from message_attachments a where a.new_message_id = m.id order by a.id limit 1) as file,
      unread.count as "unreadCount", u.quiet_hours as "quietHours"
    from push_subscriptions p
    join sessions s on s.sid = p.sid
    join users u on u.id = p.user_id
    join conversations c on c.id = ${conversationId}
    left join conversation_members cm on cm.conversation_id = c.id and cm.user_id = u.id
    left join push_notices n on n.subscription_id = p.id and n.conversation_id = c.id
    cross join lateral (
      select greatest(${fromId}::bigint, n.message_id + 1) as from_id, c.last_message_id as until_id,
        greatest(now() - ${maxAge()}, cm.joined_at - interval '5 seconds') as since
    ) r
    cross join lateral (select m.* ${unreadLines()} order by m.id desc limit 1) m
    join users sender on sender.id = m.sender_id
    cross join lateral (select cm.user_id, cm.last_read_message_id, cm.unread_from_id) me ${otherPerson()} ${unreadOf()}
    where p.id = ${subscriptionId} and ${isStanding()} and (p.expires_at > now()) is not false
      and case ${silence()} else 'due' end = 'due'`
  return found
}

/** None of these messages is pushed to it again. */
export async function recordNotice({ subscriptionId }: Target, notice: Notice): Promise<void> {
  await sql`
    insert into push_notices (subscription_id, conversation_id, message_id)
    select p.id, ${notice.conversationId}::bigint, ${notice.messageId}::bigint from push_subscriptions p where p.id = ${subscriptionId}
    on conflict (subscription_id, conversation_id)
    do update set message_id = greatest(push_notices.message_id, excluded.message_id)`
}

/** The push service knows no such subscription any more. */
export async function dropSubscription(id: number): Promise<void> {
  await sql`delete from push_subscriptions where id = ${id}`
}
