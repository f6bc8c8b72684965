import type { Message } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { Problem } from '../http.ts'
import { changes } from '../messages/changes.ts'
import type { Host } from '../messages/host.ts'
import { tell } from '../notice.ts'
import { page, reader } from '../page.ts'

/** Reacts with an emoji, or takes that back; shown at once, and undone when the server would not have it. */
export async function toggleReaction(host: Host, { id, reactions }: Message, emoji: string): Promise<void> {
  const mine = reactions.some((each) => each.user_id === page.me.id && each.emoji === emoji)
  host.patch(id, (message) => reacted(message, emoji, !mine))
  try {
    await (mine ? api.unreact(id, emoji) : api.react(id, emoji))
  } catch (error) {
    host.patch(id, (message) => reacted(message, emoji, mine))
    const full = error instanceof Problem && error.status === 409
    tell(reader.t(full ? 'reactions.full' : mine ? 'reactions.remove_failed' : 'reactions.failed'))
  }
}

function reacted(message: Message, emoji: string, add: boolean): Message {
  const { id: user_id, display_name: user_name } = page.me
  const { conversation_id, id: message_id, seq } = message
  const action = add ? 'add' : 'remove'
  return changes.reaction(message, { conversation_id, seq, message_id, user_id, user_name, emoji, action })
}
