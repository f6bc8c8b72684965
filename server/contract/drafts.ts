import { z } from 'zod'
import { idNumber, text } from './fields.ts'

const version = z.int().min(0).max(999_999_999_999_999)

/** What one has begun to write in a conversation; empty where there is nothing. */
export const Draft = z.object({
  /** Sanitized HTML. */
  content: z.string(),
  reply_to_id: idNumber.nullable(),
  version: version.describe('Grows with each change, also when the draft is sent or deleted.'),
})
export type Draft = z.infer<typeof Draft>

export const DraftBody = z.object({
  content: text,
  reply_to_id: idNumber.nullable().default(null),
  version: version.describe('That of the draft which this one continues; 0, where there was none.'),
})
export type DraftBody = z.output<typeof DraftBody>

export const DraftPlace = Draft.extend({ conversation_id: idNumber })
export type DraftPlace = z.infer<typeof DraftPlace>

/** Of a message: which draft it was. */
export const sentVersion = version
  .optional()
  .describe(
    'The version of the draft that is sent, or which it would have when it is saved: a later one stays. Without it, any draft goes.',
  )
