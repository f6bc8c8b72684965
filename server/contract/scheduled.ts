import { z } from 'zod'
import { Attachment } from './attachments.ts'
import { idNumber, text, time } from './fields.ts'
import { limits } from './limits.ts'

/** A message of one's own that waits for its time. */
export const Scheduled = z.object({
  id: idNumber,
  conversation_id: idNumber,
  /** Under which it will be sent. */
  client_id: z.string(),
  /** Sanitized HTML. */
  content: z.string(),
  content_text: z.string(),
  reply_to_id: idNumber.nullable(),
  attachments: z.array(Attachment),
  send_at: time,
  created_at: time,
  failure: z
    .enum(['not_member', 'inactive', 'attachments', 'refused'])
    .nullable()
    .describe(
      'Why it was not sent when its time came: its writer had left the conversation, or was deactivated, or its files were gone, or it was refused for what it says. It stays until it is deleted, or given another time.',
    ),
})
export type Scheduled = z.infer<typeof Scheduled>

const dayMs = 24 * 60 * 60 * 1000

export const sendAt = z.iso
  .datetime({ offset: true })
  .refine((value) => Date.parse(value) > Date.now() - limits.scheduledPastMs, 'must be in the future')
  .refine(
    (value) => Date.parse(value) < Date.now() + limits.scheduledDays * dayMs,
    `must be within ${limits.scheduledDays} days`,
  )
  .transform((value) => new Date(value).toISOString())
  .pipe(time)

export const ScheduledPatch = z.object({
  content: text.optional(),
  send_at: sendAt.nullable().optional().describe('Null: now.'),
  reply_to_id: idNumber.nullable().optional(),
})
export type ScheduledPatch = z.output<typeof ScheduledPatch>
