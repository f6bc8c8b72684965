/** Where a message's time stands: in the last line of a block, in the last line of bare text, or below them all. */
export type TimePlace = 'line' | 'bare' | 'below'

/** Signs that may make a line begin on the right, or turn it around. */
const TURNED =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const LAST_CLOSED = /(?:<\/\w+>\s*)+$/
const FROM_BLOCK = /<\/(?:p|li|ul|ol|blockquote|pre)>.*/s
/** Of these one knows that their last line is words, which the time may follow. */
const ONE_BLOCK = /^<\/(?:p|blockquote|li>\s*<\/[uo]l)>\s*$/

/** @param content sanitized HTML, in whatever shape it is stored */
export function timePlace(content: string | null): TimePlace {
  if (!content || TURNED.test(content)) return 'below'
  const closed = FROM_BLOCK.exec(LAST_CLOSED.exec(content)?.[0] ?? '')?.[0]
  if (!closed) return 'bare'
  return ONE_BLOCK.test(closed) ? 'line' : 'below'
}
