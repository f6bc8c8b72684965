/** Code points of Unicode: what `limits.messageCharacters` counts. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
