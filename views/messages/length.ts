/** Code points that somebody wrote, as `limits.messageCharacters` means them: without the line breaks between blocks. */
export function countCharacters(text: string): number {
  let count = 0
  for (const character of text) if (character !== '\n') count++
  return count
}
