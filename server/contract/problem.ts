import { z } from 'zod'
import { Draft } from './drafts.ts'

/** `application/problem+json` (RFC 9457), the body of every error answer. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).exactOptional(),
  draft: Draft.exactOptional().describe('The newer one, where a draft was refused as too old.'),
})
export type Problem = z.infer<typeof Problem>
