import { makeEmoji } from './emoji.ts'
import { makeIcons } from './icons.ts'

/** The files that are made, beside this folder, and what makes each. */
export const made = [
  ['../public/emoji/emoji.txt', makeEmoji],
  ['../public/icons.svg', makeIcons],
] as const
