import { z } from 'zod'
import { idNumber } from './fields.ts'

export const Attachment = z.object({
  id: idNumber,
  filename: z.string(),
  mime_type: z.string(),
  size_bytes: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  url: z.string(),
  thumbnail_url: z.string().nullable(),
})
export type Attachment = z.infer<typeof Attachment>
