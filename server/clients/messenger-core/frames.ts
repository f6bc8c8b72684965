import { z } from 'zod'
import { idNumber, text } from '../../contract/fields.ts'
import { limits } from '../../contract/limits.ts'
import { Message } from './endpoints.ts'

/** The fields of each frame `{event, …}` that clients of Messenger Core are sent. */
export const frames = {
  connected: z.object({ user_id: idNumber }),
  message: Message.extend({ client_id: z.string().nullable() }),
  /** Edited, or deleted. */
  message_edited: Message,
  error: z.object({ code: z.string(), detail: z.string() }),
  ping: z.object({}),
}

/** What they send. */
export const ClientFrame = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('message'),
    chat_id: idNumber,
    content: text,
    client_id: z.uuid().nullish(),
  }),
  z.object({ event: z.literal('read'), message_ids: z.array(idNumber).max(limits.readMessages) }),
  z.object({ event: z.literal('edit_message'), message_id: idNumber, content: text }),
  z.object({ event: z.literal('pong') }),
])
