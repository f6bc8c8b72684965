import type { Message } from '../../contract/messages.ts'
import type { Protocol, StreamEvent } from '../../live/protocol.ts'
import { findEdited, findMessage } from '../find-message.ts'
import type { frames } from './frames.ts'
import { messageFor, newMessageFor, reactionFor } from './message.ts'

const frame = (event: keyof typeof frames, data: object) => JSON.stringify({ event, data })

/** What clients of NODUS v2 are told; of members, names and pins they know nothing. */
export const protocol: Protocol = {
  name: 'nodus',
  replays: 'unconfirmed',
  greet: () => [],
  translate(heard: StreamEvent) {
    switch (heard.event) {
      case 'new_message':
        return created(heard.data.message)
      case 'message_updated':
        return changed(heard.data.message)
      case 'message_edited':
        return findEdited(heard.data).then(changed)
      case 'message_deleted':
        return findMessage(heard.data.message_id).then(changed)
      case 'reaction': {
        const { message_id, user_id, emoji } = heard.data
        if (heard.data.action === 'add') return added(message_id, user_id, emoji)
        return [frame('reaction.removed', { message_id, user_id, emoji })]
      }
      case 'message_read': {
        if (heard.data.is_unread) return []
        const { conversation_id: chat_id, user_id, message_id, read_at } = heard.data
        return [frame('message.read', { chat_id, user_id, message_id, read_at })]
      }
      case 'typing': {
        const { conversation_id: chat_id, user_id, is_typing } = heard.data
        return [frame('user.typing', { chat_id, user_id, is_typing })]
      }
      case 'presence': {
        const { user_id, status, timestamp } = heard.data
        return [frame('user.presence', { user_id, status, timestamp })]
      }
      default:
        return []
    }
  },
}

/** Of one that was changed before it could be delivered, both the message and its change. */
function created(message: Message): string[] {
  const fields = newMessageFor(message)
  const frames = [frame('message.created', fields)]
  if (message.is_deleted) frames.push(frame('message.deleted', fields))
  else if (message.edited_at) frames.push(frame('message.updated', fields))
  return frames
}

async function changed(message: Message | undefined): Promise<string[]> {
  if (!message) return []
  return [frame(message.is_deleted ? 'message.deleted' : 'message.updated', await messageFor(message))]
}

async function added(messageId: number, userId: number, emoji: string): Promise<string[]> {
  const message = await findMessage(messageId)
  const reaction = message?.reactions.find((each) => each.user_id === userId && each.emoji === emoji)
  return reaction ? [frame('reaction.added', reactionFor(reaction))] : []
}
