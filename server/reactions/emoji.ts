import { z } from 'zod'
import { oneEmoji } from '../../views/emoji/one-emoji.ts'
import { text } from '../web/params.ts'

/** One emoji, as the picker has it, also when it came without its variation selectors. */
export const emoji = text
  .transform((typed) => oneEmoji(typed) ?? '')
  .pipe(z.string().min(1, 'must be one emoji'))
