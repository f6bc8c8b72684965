import type { Message } from '../../contract/messages.ts'
import type { Protocol, StreamEvent } from '../../live/protocol.ts'
import { findEdited, findMessage } from '../find-message.ts'
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
        return created(heard.data.message)
      case 'message_updated':
        return isChanged(heard.data.message) ? changed(heard.data.message) : []
      case 'message_edited':
        return findEdited(heard.data).then(changed)
      case 'message_deleted':
        return findMessage(heard.data.message_id).then(changed)
      default:
        return []
    }
  },
}

/**
 * Of one that was changed before it could be delivered, both the message and its change. The sender's own devices
 * recognize it by its `client_id`.
 */
function created(message: Message): string[] {
  const fields = newMessageFor(message)
  const frames = [frame('message', { ...fields, client_id: message.client_id })]
  return isChanged(message) ? [...frames, frame('message_edited', fields)] : frames
}

export const sentAgain = async (message: Message): Promise<string> =>
  frame('message', { ...(await messageFor(message)), client_id: message.client_id })

/** Of link previews and reactions these clients know nothing. */
const isChanged = ({ edited_at, is_deleted }: Message) => edited_at !== null || is_deleted

const changed = async (message: Message | undefined): Promise<string[]> =>
  message ? [frame('message_edited', await messageFor(message))] : []
