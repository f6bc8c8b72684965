import { makeBadge, makeIcon, makeMaskable } from './app-icons.ts'
import { makeEmoji } from './emoji.ts'
import { makeIcons } from './icons.ts'
import { makeLicences } from './licences.ts'

/** The files that are made, beside this folder, and what makes each. */
export const made = [
  ['../public/emoji/emoji.txt', makeEmoji],
  ['../docs/licences.md', makeLicences],
  ['../public/icons.svg', makeIcons],
  ['../public/icons/192.png', makeIcon(192)],
  ['../public/icons/512.png', makeIcon(512)],
  ['../public/icons/maskable-512.png', makeMaskable(512)],
  ['../public/icons/touch-180.png', makeMaskable(180)],
  ['../public/icons/badge-96.png', makeBadge(96)],
] as const satisfies [string, () => Promise<string | Buffer>][]
