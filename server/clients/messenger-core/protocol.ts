import type { Message } from '../../contract/messages.ts'
import type { Protocol, StreamEvent } from '../../live/protocol.ts'
import { findMessage } from '../find-message.ts'
import type { frames } from './frames.ts'
import { messageFor, newMessageFor } from './message.ts'

export const frame = (event: keyof typeof frames, fields: object = {}) => JSON.stringify({ event, ...fields })

/** What clients of Messenger Core are told; of reactions, typing and presence they know nothing. */
export const protocol: Protocol = {
  name: 'messenger-core',
  replays: 'undelivered',
  greet: (user_id) => [frame('connected', { user_id })],
  translate(heard: StreamEvent) {
    switch (heard.event) {
      case 'new_message':
        return [newMessage(heard.data.message)]
      case 'message_updated':
        return changed(heard.data.message.id)
      case 'message_edited':
      case 'message_deleted':
        return changed(heard.data.message_id)
      default:
        return []
    }
  },
}

/** The sender's own devices recognize what they sent by its `client_id`. */
export const newMessage = (message: Message): string =>
  frame('message', { ...newMessageFor(message), client_id: message.client_id })

/** As the message is by now: a later change follows with a frame of its own. */
async function changed(id: number): Promise<string[]> {
  const message = await findMessage(id)
  return message ? [frame('message_edited', await messageFor(message))] : []
}
