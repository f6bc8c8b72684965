import type { Conversation } from '../../server/contract/conversations.ts'
import type { MessagePage } from '../../server/contract/messages.ts'
import type { Pin } from '../../server/contract/pins.ts'
import { showsUnread } from '../../views/messages/arrange.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import { placeIn } from '../messages/places.ts'
import { retryPause } from '../retry.ts'

/** What is needed to show a conversation. */
export interface Loaded {
  conversation: Conversation
  messages: MessagePage
  pins: Pin[]
}

/**
 * Loads a conversation, again and again until it is there. `trouble` is called when the first attempt has failed.
 * @throws Problem when trying again would not help: there is none, or the reader may not see it
 */
export async function load(id: number, signal: AbortSignal, trouble: () => void): Promise<Loaded> {
  for (let failures = 0; ; failures++) {
    try {
      return await ask(id, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Problem) || !error.passing) throw error
      if (!failures) trouble()
      await retryPause(failures, error.retryAfter, signal)
      signal.throwIfAborted()
    }
  }
}

async function ask(id: number, signal: AbortSignal): Promise<Loaded> {
  const place = placeIn(id)
  const answers = [
    api.conversation(id, signal),
    api.messages(id, place ? { around_id: place.id } : {}, signal),
    api.pins(id, signal),
  ] as const
  const [{ conversation }, near, { pins }] = await Promise.all(answers)
  const around_id = conversation.first_unread_id
  const isShown = !around_id || showsUnread(near, around_id)
  const messages = isShown ? near : await api.messages(id, { around_id }, signal)
  return { conversation, messages, pins }
}
