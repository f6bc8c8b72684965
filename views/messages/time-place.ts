/** Where a message's time goes: into the last line of a block or of bare text, or on a line of its own. */
export type TimePlace = 'line' | 'bare' | 'below'

/** Characters that may make a line start on the right. */
const rightToLeft =
  /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const closingTags = /(?:<\/\w+>\s*)+$/
const fromBlockEnd = /<\/(?:p|li|ul|ol|blockquote|pre)>.*/s
/** Blocks whose last line is text, so that the time may follow it. */
const textBlockEnd = /^<\/(?:p|blockquote|li>\s*<\/[uo]l)>\s*$/

/** @param content sanitized HTML */
export function timePlace(content: string | null): TimePlace {
  if (!content || rightToLeft.test(content)) return 'below'
  const closed = fromBlockEnd.exec(closingTags.exec(content)?.[0] ?? '')?.[0]
  if (!closed) return 'bare'
  return textBlockEnd.test(closed) ? 'line' : 'below'
}
