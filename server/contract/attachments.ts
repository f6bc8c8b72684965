import { z } from 'zod'
import { idNumber } from './fields.ts'
import { limits } from './limits.ts'

const duration = z
  .int()
  .min(1)
  .max(24 * 60 * 60 * 1000)
const waveform = z.array(z.int().min(0).max(100)).min(1).max(limits.waveformPeaks)

export const Attachment = z.object({
  id: idNumber,
  filename: z.string(),
  mime_type: z.string(),
  size_bytes: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  url: z.string(),
  thumbnail_url: z.string().nullable(),
  duration_ms: duration.exactOptional().describe('Of audio, where its sender said so.'),
  waveform: waveform.exactOptional().describe('Of a voice message: how loud it is, from beginning to end.'),
})
export type Attachment = z.infer<typeof Attachment>

const number = z
  .string()
  .regex(/^\d{1,8}$/, 'must be a number')
  .transform(Number)

/** `duration_ms=12000&waveform=0,40,100`: of audio, how long and how loud it is; of other files nothing is made of it. */
export const UploadQuery = z
  .object({
    duration_ms: number.pipe(duration).optional(),
    waveform: z
      .string()
      .max(1000)
      .transform((peaks) => peaks.split(','))
      .pipe(z.array(number).pipe(waveform))
      .optional(),
  })
  .refine(({ duration_ms, waveform }) => !waveform || duration_ms, 'a waveform needs its duration_ms')
export type UploadQuery = z.output<typeof UploadQuery>
