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
    .describe(
      `Of an open poll: ${limits.pollNamed} of those who voted for it; \`GET /api/messages/:id/voters\` has all.`,
    ),
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
      'The ids of the options that the one who asks, or is told, voted for. Absent in the `last_message` of a conversation, and in an event where many have chosen differently: then they are as they were.',
    ),
  voter_count: z.int(),
})
export type Poll = z.infer<typeof Poll>

export const Voters = z.object({
  voters: z.array(Voter.extend({ option_ids: z.array(idNumber) })).max(limits.pollVoters),
})
export type Voters = z.infer<typeof Voters>

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
