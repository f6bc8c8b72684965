import { z } from 'zod'
import { cursorText } from './cursor.ts'
import { idNumber, pageLimit } from './fields.ts'
import { limits } from './limits.ts'
import { Message } from './messages.ts'

export const StarredPage = z.object({
  /** The newest star first. */
  messages: z.array(Message),
  /** Those that the messages are in, as the viewer sees them. */
  conversations: z.array(z.object({ id: idNumber, title: z.string() })),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
})
export type StarredPage = z.infer<typeof StarredPage>

/** The number of the last star of the page before. */
const starCursor = cursorText(
  z.tuple([idNumber]).transform(([id]) => id),
  100,
)

export const StarredQuery = z.object({ limit: pageLimit(limits.starredPage), cursor: starCursor.optional() })
export type StarredQuery = z.output<typeof StarredQuery>
