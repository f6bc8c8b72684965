import { z } from 'zod'
import { idNumber, idText, limit, text } from '../web/params.ts'

export const PageQuery = z
  .object({
    limit: limit(50),
    before_id: idText.optional(),
    after_id: idText.optional(),
    around_id: idText.optional(),
  })
  .refine(
    ({ before_id, after_id, around_id }) => [before_id, after_id, around_id].filter(Boolean).length <= 1,
    'only one of before_id, after_id and around_id makes sense',
  )

export const NewMessageBody = z.object({
  content: text,
  attachment_ids: z.array(idNumber).max(20).optional(),
  reply_to_id: idNumber.optional(),
  client_id: z.uuid().optional(),
})

export const ReadBody = z.object({ message_id: idNumber.optional() })

export const EditBody = z.object({ content: text })
export const ForwardBody = z.object({ conversation_ids: z.array(idNumber).min(1).max(10) })
export const ChangesQuery = z.object({
  after_seq: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a seq')
    .transform(Number),
})
