import type { EventName, Events } from '../contract/events.ts'
import { limits } from '../contract/limits.ts'
import type { Row } from '../db/schema.ts'
import { change as envelope } from '../live/envelope.ts'
import { notFound } from '../web/problem.ts'
import { type Change, changeConversationOf } from './conversation.ts'
import type { Subject } from './rights.ts'

interface StoredMessage extends Subject, Row<'messages', 'id' | 'conversation_id' | 'content'> {
  has_attachments: boolean
}

export interface MessageChange extends Change {
  message: StoredMessage
  /** Gives the message the conversation's next `seq`, by which readers find it changed. */
  takeSeq(): Promise<number>
  /** Publishes the change with this `seq` to all members, after the commit. */
  publishChange<E extends SequencedEvent>(
    event: E,
    data: Omit<Events[E], 'conversation_id' | 'seq'>,
    seq: number,
  ): void
}

/** Events that have a `seq`. */
type SequencedEvent = {
  [E in EventName]: Events[E] extends { conversation_id: number; seq: number } ? E : never
}[EventName]

/**
 * Changes a message, under the lock of its conversation.
 * @throws Problem 404 when the user may not see it
 */
export const changeMessage = <T>(
  userId: number,
  messageId: number,
  work: (change: MessageChange) => Promise<T>,
): Promise<T> =>
  changeConversationOf(userId, messageId, async (change) => {
    const { tx, conversation, memberIds } = change
    const [message] = await tx<StoredMessage[]>`
      select m.id, m.conversation_id, m.sender_id, m.kind, m.is_deleted, m.content,
        m.created_at < now() - make_interval(hours => ${limits.editWindowHours}) as is_old,
        m.poll is not null as is_poll,
        exists (select from message_attachments a where a.new_message_id = m.id) as has_attachments
      from messages m where m.id = ${messageId} and m.conversation_id = ${conversation.id}`
    // A backup may have been restored since it was found: then it is gone, or its number another message's.
    if (!message) throw notFound()
    return work({
      ...change,
      message,
      async takeSeq() {
        const seq = await change.nextSeq()
        await tx`update messages set seq = ${seq}, xid = pg_current_xact_id() where id = ${messageId}`
        return seq
      },
      publishChange(event, data, seq) {
        const whole = { conversation_id: conversation.id, seq, ...data } as Events[typeof event]
        change.publish(memberIds, envelope(event, whole as never, change.transactionsOf(seq)))
      },
    })
  })
