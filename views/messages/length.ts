/** Characters of text a message may have: code points of Unicode, as its contract counts. */
export const maxCharacters = 20_000

/** How many of those a text has. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
