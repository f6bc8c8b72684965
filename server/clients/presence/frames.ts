import { z } from 'zod'
import { idNumber, time } from '../../contract/fields.ts'

const inConversation = z.object({ conversation_id: idNumber })
const Typing = inConversation.extend({
  user_id: idNumber,
  username: z.string(),
  display_name: z.string(),
  is_typing: z.boolean(),
})

/** The `data` of each frame `{type, data}` that clients for presence and typing are sent. */
export const frames = {
  user_status: z.discriminatedUnion('status', [
    z.object({ user_id: idNumber, status: z.literal('online'), timestamp: time }),
    z.object({ user_id: idNumber, status: z.literal('offline'), last_seen: time.nullable() }),
  ]),
  user_typing: Typing,
  /** The same by its older name, for one more version. */
  'message.typing': Typing,
  error: z.object({ code: z.string(), detail: z.string() }),
}

/** What they send. */
export const ClientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('typing_start'), data: inConversation }),
  z.object({ type: z.literal('typing_stop'), data: inConversation }),
  /** Either by its older name. */
  z.object({
    type: z.literal('message.typing'),
    data: inConversation.extend({ is_typing: z.boolean() }),
  }),
])
export type ClientFrame = z.infer<typeof ClientFrame>
