import { z } from 'zod'
import { idNumber, idText, pageLimit, time } from './fields.ts'
import { limits } from './limits.ts'
import { Message } from './messages.ts'

export const Pin = z.object({ message: Message, pinned_by: idNumber, created_at: time })
export type Pin = z.infer<typeof Pin>

/** All pins, unless they are long. */
export const PinPage = z.object({
  pins: z.array(Pin),
  has_more: z.boolean(),
  next_cursor: idNumber.nullable(),
})
export type PinPage = z.infer<typeof PinPage>

export const PinsQuery = z.object({
  limit: pageLimit(limits.conversationPins),
  cursor: idText.optional(),
})
