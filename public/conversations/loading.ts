import type { Conversation } from '../../server/contract/conversations.ts'
import type { MessagePage } from '../../server/contract/messages.ts'
import type { Pin } from '../../server/contract/pins.ts'
import { showsUnread } from '../../views/messages/arrange.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import { savedPosition } from '../messages/saved-position.ts'
import { retryDelay } from '../retry.ts'

export interface Loaded {
  conversation: Conversation
  messages: MessagePage
  pins: Pin[]
}

/**
 * Loads a conversation, and retries until that succeeds.
 * @param messageId of the message to load around; without it, where the reader was, or the first unread
 * @throws Problem when a retry would not help: it does not exist, or the reader may not see it
 */
export async function load(
  id: number,
  signal: AbortSignal,
  onFirstFailure: () => void,
  messageId?: number,
): Promise<Loaded> {
  for (let failures = 0; ; failures++) {
    try {
      return await loadOnce(id, signal, messageId)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Problem) || !error.isTransient) throw error
      if (!failures) onFirstFailure()
      await retryDelay(failures, error.retryAfter, signal)
      signal.throwIfAborted()
    }
  }
}

async function loadOnce(id: number, signal: AbortSignal, messageId?: number): Promise<Loaded> {
  const place = messageId ? { id: messageId } : savedPosition(id)
  const answers = [
    api.conversation(id, signal),
    api.messages(id, place ? { around_id: place.id } : {}, signal),
    api.pins(id, signal),
  ] as const
  const [{ conversation }, near, { pins }] = await Promise.all(answers)
  const around_id = conversation.first_unread_id
  const isShown = messageId || !around_id || showsUnread(near, around_id)
  const messages = isShown ? near : await api.messages(id, { around_id }, signal)
  return { conversation, messages, pins }
}
