import type { Events } from '../../server/contract/events.ts'
import type { Message } from '../../server/contract/messages.ts'
import type { Reaction } from '../../server/contract/reactions.ts'
import { mentionsIn } from '../../views/messages/mentions.ts'
import { plainText } from '../../views/messages/plain-text.ts'

/** Events that change an existing message, and how. */
export const changes = {
  message_edited(message: Message, { new_content, edited_at }: Events['message_edited']): Message {
    const mentions = mentionsIn(new_content)
    return { ...message, content: new_content, content_text: plainText(new_content), mentions, edited_at }
  },

  message_deleted(message: Message): Message {
    const { poll: _, is_starred: __, ...rest } = message
    const kind = message.kind === 'poll' ? 'user' : message.kind
    const nothing = { content: null, content_text: null, link_preview: null }
    const none = { attachments: [], mentions: [], reactions: [] }
    return { ...rest, ...nothing, ...none, kind, is_deleted: true, is_pinned: false }
  },

  reaction(message: Message, { user_id, user_name, emoji, action }: Events['reaction']): Message {
    const others = message.reactions.filter((each) => each.user_id !== user_id || each.emoji !== emoji)
    const added: Reaction = { id: 0, message_id: message.id, user_id, user_name, emoji, created_at: '' }
    return { ...message, reactions: action === 'add' ? [...others, added] : others }
  },

  message_pinned(message: Message, { action }: Events['message_pinned']): Message {
    return { ...message, is_pinned: action === 'pin' }
  },
}

export type ChangeName = keyof typeof changes

/** The message after an event; the same object when the event is not new to it. */
export function changed<Name extends ChangeName>(message: Message, name: Name, event: Events[Name]): Message {
  if (event.message_id !== message.id || event.seq <= message.seq) return message
  const change = changes[name] as (message: Message, event: Events[Name]) => Message
  return { ...change(message, event), seq: event.seq }
}
