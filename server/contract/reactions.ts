import { z } from 'zod'
import { oneEmoji } from '../../views/emoji/one-emoji.ts'
import { idNumber, idText, text, time } from './fields.ts'

export const Reaction = z.object({
  id: idNumber,
  message_id: idNumber,
  user_id: idNumber,
  user_name: z.string(),
  emoji: z.string(),
  created_at: time,
})
export type Reaction = z.infer<typeof Reaction>

/** One emoji, as the picker has it, also when it came without its variation selectors. */
const emoji = text.transform((typed) => oneEmoji(typed) ?? '').pipe(z.string().min(1, 'must be one emoji'))

export const ReactionBody = z.object({ emoji })
export const ReactionPath = z.object({ id: idText, emoji })
