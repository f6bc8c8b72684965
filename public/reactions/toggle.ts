import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import { changes } from '../messages/changes.ts'
import type { Host } from '../messages/host.ts'
import { showNotice } from '../notice.ts'
import { page, reader } from '../page.ts'

/** Adds or removes a reaction, optimistically: reverted when the server refuses. */
export async function toggleReaction(host: Host, { id, reactions }: Message, emoji: string): Promise<void> {
  const mine = reactions.some((each) => each.user_id === page.me.id && each.emoji === emoji)
  host.patch(id, (message) => reacted(message, emoji, !mine))
  try {
    await (mine ? api.unreact(id, emoji) : api.react(id, emoji))
  } catch (error) {
    host.patch(id, (message) => reacted(message, emoji, mine))
    const full = error instanceof Problem && error.status === 409
    showNotice(reader.t(full ? 'reactions.full' : mine ? 'reactions.remove_failed' : 'reactions.failed'))
  }
}

function reacted(message: Message, emoji: string, add: boolean): Message {
  const { id: user_id, display_name: user_name } = page.me
  const { conversation_id, id: message_id, seq } = message
  const action = add ? 'add' : 'remove'
  return changes.reaction(message, { conversation_id, seq, message_id, user_id, user_name, emoji, action })
}
