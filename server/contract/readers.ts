import { z } from 'zod'
import { time } from './fields.ts'
import { User } from './users.ts'

/** Who has read a message, and whom it has reached: of its recipients, those who do not hide when they were last seen. */
export const Readers = z.object({
  readers: z
    .array(z.object({ user: User, read_at: time.describe('When their read position was last moved.') }))
    .describe('Who has read it, the first of them first.'),
  delivered: z
    .array(z.object({ user: User, delivered_at: time.nullable() }))
    .describe('Whom it has reached without their having read it, by name.'),
  waiting_count: z
    .int()
    .describe('All others: whom it has not reached, and those who hide when they were last seen.'),
})
export type Readers = z.infer<typeof Readers>
