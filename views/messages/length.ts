/** Characters of text a message may have: Unicode code points, so that an emoji is one or a few and never refused by halves. */
export const maxCharacters = 20_000

/** How many of those a text has. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
