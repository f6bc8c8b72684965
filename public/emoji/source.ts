import { Delta } from 'quill/core.js'
import type { Source } from '../completion/source.ts'
import { rememberEmoji } from './recent.ts'

/** Neither within a word, a time or an address. */
const before = String.raw`(?<=^|[\s([{"'„“«>—–-]|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)`
const name = String.raw`\p{L}[\p{L}\p{M}\p{N}_-]+`
/** `:DD` and `:xD` are smileys, to be left as they are. */
const smiley = /^(?:([dopsx])\1*|x+d+)$/i

/** Its 55 KB are loaded when the first name is begun. */
const completing = () => import('./completing.ts')

/** Emoji by their names in Polish and English, once a ":" and two letters are typed. */
export const emojiSource: Source = {
  begun: new RegExp(`${before}:(${name})$`, 'u'),
  whole: new RegExp(`${before}:(${name}):$`, 'u'),
  isSpaced: false,
  async find(words) {
    if (smiley.test(words)) return undefined
    return (await completing().catch(() => undefined))?.found(words)
  },
  async replace(words) {
    const emoji = (await completing().catch(() => undefined))?.named(words)
    if (!emoji) return undefined
    rememberEmoji(emoji)
    return new Delta().insert(emoji)
  },
}
