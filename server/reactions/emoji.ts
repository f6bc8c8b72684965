import { z } from 'zod'
import { text } from '../web/params.ts'

const emojiPresentation = '\ufe0f'
const single = /^\p{RGI_Emoji}$/v

/**
 * One emoji and nothing else: a sequence that Unicode recommends, which is a single grapheme of at most 10 code
 * points. Typed without its presentation selector ("❤") it is the same emoji with it ("❤️").
 */
export const emoji = text
  .transform((typed) => [typed, typed + emojiPresentation].find((variant) => single.test(variant)) ?? '')
  .pipe(z.string().min(1, 'must be one emoji'))
