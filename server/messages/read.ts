import type { Events } from '../contract/events.ts'
import { limits } from '../contract/limits.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { moveReadPosition } from './store.ts'

/** Told at most so often for a member and conversation. Milliseconds. */
const every = 1000

/** What waits to be told, by conversation and reader; nothing waits right after something was told. */
const waiting = new Map<string, { tell: (() => void) | undefined }>()

/**
 * Marks a conversation as read up to a message, or up to its newest. The position is stored at once, so that who
 * asks next sees it; the members are told at most once a second, and not at all in large groups.
 */
export async function markRead(userId: number, conversationId: number, messageId?: number): Promise<void> {
  const moved = await moveReadPosition(userId, conversationId, messageId)
  if (!moved) return
  const { recipients, ...position } = moved
  // One's own devices keep their badges right whatever the size of the group.
  const audience = recipients.length > limits.companyMembers ? [userId] : recipients
  tellSparingly(audience, { conversation_id: conversationId, user_id: userId, ...position })
}

function tellSparingly(recipients: number[], data: Events['message_read']): void {
  const key = `${data.conversation_id}:${data.user_id}`
  const tell = () => publish(recipients, signal('message_read', data))
  const told = waiting.get(key)
  if (told) {
    told.tell = tell
    return
  }
  tell()
  pause(key)
}

function pause(key: string): void {
  waiting.set(key, { tell: undefined })
  setTimeout(() => {
    const tell = waiting.get(key)?.tell
    waiting.delete(key)
    if (!tell) return
    tell()
    pause(key)
  }, every).unref()
}
