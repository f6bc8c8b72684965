/** Fewer are guessed, or are words of a single passphrase. */
export const minKeyCharacters = 16

/** The keys in SESSION_SECRET, apart by commas or white space; anything else is one key, as it was before there were several. */
export function keysIn(secret: string): [string, ...string[]] {
  const parts = secret.split(/[\s,]+/).filter(Boolean)
  const areKeys = parts.length > 1 && parts.every((part) => part.length >= minKeyCharacters)
  // The whole: a passphrase of long words, in use before, goes on being good.
  return areKeys ? [parts[0]!, ...parts.slice(1), secret] : [secret]
}
