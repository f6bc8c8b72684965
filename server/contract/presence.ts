import { z } from 'zod'
import { idNumber, idText, time } from './fields.ts'
import { limits } from './limits.ts'

export const Presence = z.object({
  user_id: idNumber,
  status: z.enum(['online', 'away', 'offline']),
  is_online: z.boolean(),
  /** `null` for who hides it, and for who was never here; the two are equal. */
  last_seen: time.nullable(),
  last_active_at: time.nullable(),
})
export type Presence = z.infer<typeof Presence>

const idDigits = 15

/** `ids=1,2,3` */
export const PresenceQuery = z.object({
  ids: z
    .string()
    .max((idDigits + 1) * limits.presenceIds)
    .transform((value) => value.split(','))
    .pipe(z.array(idText).max(limits.presenceIds)),
})

/** `is_active: false`: the page is visible, but nobody has touched it since the last one. */
export const HeartbeatBody = z.object({ is_active: z.boolean().default(true) })
export const TypingBody = z.object({ is_typing: z.boolean().default(true) })
