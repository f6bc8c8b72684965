/** Counts code points, as `limits.messageCharacters` does. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
