import { z } from 'zod'
import { Conversation } from './conversations.ts'
import { Draft } from './drafts.ts'
import { idNumber, seq, time } from './fields.ts'
import { Message } from './messages.ts'
import { Presence } from './presence.ts'
import { Scheduled } from './scheduled.ts'

const inConversation = z.object({ conversation_id: idNumber })
const change = inConversation.extend({ seq })
const ofMessage = change.extend({ message_id: idNumber })
const receipt = inConversation.extend({ user_id: idNumber, message_id: idNumber })

/** What a stream says: each event by its name, with its data. */
export const events = {
  connected: z.object({ user_id: idNumber, server_time: time }),
  new_message: change.extend({ message: Message }),
  message_edited: ofMessage.extend({ new_content: z.string(), edited_at: time }),
  message_deleted: ofMessage,
  reaction: ofMessage.extend({
    user_id: idNumber,
    user_name: z.string(),
    emoji: z.string(),
    action: z.enum(['add', 'remove']),
  }),
  message_pinned: ofMessage.extend({ pinned_by: idNumber, action: z.enum(['pin', 'unpin']) }),
  /** A change of a message that has no event of its own, or any change when it is sent again. */
  message_updated: change.extend({ message: Message }),
  message_delivered: receipt.extend({ delivered_at: time }),
  message_read: receipt.extend({
    message_id: z.int().min(0).describe('0 when they have marked even the first message as unread.'),
    read_at: time,
    is_unread: z
      .literal(true)
      .exactOptional()
      .describe('To one’s own devices alone: what follows the message has been marked as unread.'),
  }),
  /** To one’s own devices; best effort. */
  message_starred: inConversation.extend({ message_id: idNumber, is_starred: z.boolean() }),
  conversation_updated: change.extend({ conversation: Conversation }),
  conversation_removed: inConversation,
  /** To the other members; `is_typing: false` follows by itself, after our page's last one in `limits.typingMs`. */
  typing: inConversation.extend({
    user_id: idNumber,
    user_name: z.string(),
    username: z.string(),
    display_name: z.string(),
    is_typing: z.boolean(),
  }),
  /** To one's own devices, as the next one is: empty when it was sent or deleted. */
  draft_updated: inConversation.extend(Draft.shape),
  /** Null when it was sent or cancelled. */
  scheduled_updated: inConversation.extend({ id: idNumber, scheduled: Scheduled.nullable() }),
  presence: Presence.pick({ user_id: true, status: true, last_seen: true }).extend({ timestamp: time }),
  /** To our own page: an EventSource does not show the comments that keep others' streams alive. */
  heartbeat: z.object({}),
  /** The cursor is too old: load afresh. */
  resync: z.object({}),
}

export type EventName = keyof typeof events
export type Events = { [Name in EventName]: z.infer<(typeof events)[Name]> }

/**
 * `attended`, of our own page: whether it is visible; presence/devices.ts has what presence makes of it.
 * `last_event_id`: where a page stands that was rendered, or whose stream ended; a program may use it too.
 */
export const StreamQuery = z.object({
  attended: z.enum(['0', '1']).optional(),
  last_event_id: z.string().optional(),
})
