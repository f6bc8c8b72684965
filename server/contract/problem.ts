import { z } from 'zod'

/** `application/problem+json` (RFC 9457), the body of every error answer. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).exactOptional(),
})
export type Problem = z.infer<typeof Problem>
