import { z } from 'zod'
import { idNumber, time } from '../../contract/fields.ts'
import { Presence } from '../../contract/presence.ts'
import { Message, Reaction } from './endpoints.ts'

const inChat = z.object({ chat_id: idNumber, user_id: idNumber })

/** The `data` of each frame `{event, data}` that clients of NODUS v2 are sent. They send none. */
export const frames = {
  error: z.object({ code: z.string(), detail: z.string() }),
  'message.created': Message,
  'message.updated': Message,
  'message.deleted': Message,
  /** Up to this message. */
  'message.read': inChat.extend({ message_id: idNumber, read_at: time }),
  'reaction.added': Reaction,
  'reaction.removed': Reaction.pick({ message_id: true, user_id: true, emoji: true }),
  'user.typing': inChat.extend({ is_typing: z.boolean() }),
  'user.presence': Presence.pick({ user_id: true, status: true }).extend({ timestamp: time }),
}
