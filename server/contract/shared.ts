import { z } from 'zod'
import { Attachment } from './attachments.ts'
import { cursorText } from './cursor.ts'
import { idNumber, pageLimit, time } from './fields.ts'
import { limits } from './limits.ts'

const SharedKind = z.enum(['images', 'files', 'links'])
export type SharedKind = z.infer<typeof SharedKind>

/** A picture or other file, or else a link. */
export const Shared = z.object({
  message_id: idNumber,
  /** When the message was sent. */
  created_at: time,
  attachment: Attachment.exactOptional(),
  url: z.string().exactOptional(),
  /** Of the page that the link leads to, where its preview has one. */
  title: z.string().exactOptional(),
})
export type Shared = z.infer<typeof Shared>

export const SharedPage = z.object({
  /** The newest first; there may be fewer than asked for although there are more. */
  items: z.array(Shared),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
})
export type SharedPage = z.infer<typeof SharedPage>

/** The last item of the page before: its message, and its place in that: the attachment's id, or the number of the link. */
const SharedPlace = z.tuple([idNumber, z.int().min(0)]).transform(([message, place]) => ({ message, place }))
export type SharedPlace = z.output<typeof SharedPlace>

export const SharedQuery = z.object({
  kind: SharedKind,
  limit: pageLimit(limits.sharedPage),
  cursor: cursorText(SharedPlace, 100).optional(),
})
