import { z } from 'zod'
import { idText } from '../web/params.ts'

const mostIds = 200

/** `ids=1,2,3` */
export const PresenceQuery = z.object({
  ids: z
    .string()
    .max(16 * mostIds)
    .transform((value) => value.split(','))
    .pipe(z.array(idText).max(mostIds)),
})

/** `is_active: false`: the page is visible, but nobody has touched it since the last one. */
export const HeartbeatBody = z.object({ is_active: z.boolean().default(true) })
