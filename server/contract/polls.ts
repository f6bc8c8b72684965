import { z } from 'zod'
import { future, idNumber, line, time } from './fields.ts'
import { limits } from './limits.ts'

export const Voter = z.object({ user_id: idNumber, user_name: z.string() })
export type Voter = z.infer<typeof Voter>

export const PollOption = z.object({
  id: idNumber,
  text: z.string(),
  count: z.int(),
  voters: z
    .array(Voter)
    .exactOptional()
    .describe(`Of an open poll: who voted for it, of the first ${limits.pollVoters} who voted at all.`),
})
export type PollOption = z.infer<typeof PollOption>

export const Poll = z.object({
  question: z.string(),
  options: z.array(PollOption),
  is_multiple: z.boolean(),
  is_secret: z.boolean().describe('Who voted for what is told to nobody, not even to whoever asked.'),
  closes_at: time.nullable().describe('From then on nobody votes; nothing else tells it.'),
  my_votes: z
    .array(idNumber)
    .exactOptional()
    .describe(
      'The ids of the options that the one who asks voted for. Absent where all members are told the same: in events, but those to the voter’s own devices and those sent again, and in the `last_message` of a conversation. Then what one knew stays true.',
    ),
  voter_count: z.int(),
})
export type Poll = z.infer<typeof Poll>

const option = line(limits.pollOptionCharacters)

export const PollBody = z.object({
  question: line(limits.pollQuestionCharacters),
  options: z
    .array(option)
    .min(limits.pollMinOptions)
    .max(limits.pollMaxOptions)
    .refine((options) => new Set(options).size === options.length, 'must all be different'),
  is_multiple: z.boolean(),
  is_secret: z.boolean(),
  closes_at: future.nullable().optional(),
  client_id: z.uuid().optional(),
})
export type PollBody = z.output<typeof PollBody>

export const VotesBody = z.object({ option_ids: z.array(idNumber).max(limits.pollMaxOptions) })
