import { bus } from '../live/bus.ts'
import { signal } from '../live/envelope.ts'
import { moveReadPosition } from './store.ts'

/** Marks a conversation as read up to a message, or up to its newest, and tells the members. */
export async function markRead(userId: number, conversationId: number, messageId?: number): Promise<void> {
  const moved = await moveReadPosition(userId, conversationId, messageId)
  if (!moved) return
  const { recipients, ...position } = moved
  bus.publish(
    recipients,
    signal('message_read', { conversation_id: conversationId, user_id: userId, ...position }),
  )
}
