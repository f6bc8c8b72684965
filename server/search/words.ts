import { fold } from '../../views/people/names.ts'

/** A word of a text, folded, and where it stands: its unit at `i` comes from `starts[i]` up to `ends[i]` of the text. */
export interface Word {
  folded: string
  starts: number[]
  ends: number[]
}

/** A word that is looked for, and what is found for it besides; all folded, of at most `maxSigns` signs. */
export interface SoughtWord {
  /** Of more than one sign, it is also found as the beginning of a word. */
  word: string
  /** Its other forms; when nobody knows it, what it may be a form of. */
  others: Set<string>
  /** Words within which it stands. */
  containing: Set<string>
}

/** No word is longer in the index; see drizzle/. */
export const maxSigns = 60

/** Emoji, and the signs of scripts without blanks: each is a word of its own. */
const alone =
  /[\u2190-\u2bff\u2e80-\u2fff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u3400-\u9fff\u{1f000}-\u{1faff}\u{20000}-\u{3ffff}]/u
const between =
  /[ -/:-@[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u037e\u0387\u055a-\u055f\u0589\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u2000-\u206f\u3000-\u3004\u3008-\u3020]/u
/** A sign by itself, even where it becomes a blank. */
const foldSign = (sign: string) => fold(`x${sign}x`).slice(1, -1)

/** The words of a text, in their order; the same as those of `folded_words()` in drizzle/, which are cut to 60 signs. */
export function wordsIn(text: string): Word[] {
  const words: Word[] = []
  let isOpen = false
  let at = 0
  for (const sign of text) {
    const [start, end] = [at, at + sign.length]
    at = end
    const folded = foldSign(sign)
    const last = words.at(-1)
    // A mark or a joiner belongs to the sign before it.
    if (folded === '' && last?.ends.at(-1) === start) last.ends[last.ends.length - 1] = end
    for (const part of folded) {
      const isAlone = alone.test(part)
      if (between.test(part)) isOpen = false
      else {
        if (isAlone || !isOpen) words.push({ folded: '', starts: [], ends: [] })
        add(words.at(-1)!, part, start, end)
        isOpen = !isAlone
      }
    }
  }
  return words
}

function add(word: Word, part: string, start: number, end: number): void {
  word.folded += part
  for (let unit = 0; unit < part.length; unit++) {
    word.starts.push(start)
    word.ends.push(end)
  }
}
