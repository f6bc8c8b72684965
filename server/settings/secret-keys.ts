/** Fewer are guessed, or are words of a single passphrase. */
export const minKeyCharacters = 16

const areKeys = (parts: string[]): parts is [string, string, ...string[]] =>
  parts.length > 1 && parts.every((part) => part.length >= minKeyCharacters)

/** A passphrase of short words, and a key that is set apart from it by the first comma, or the last. */
function besidePassphrase(secret: string): string[] {
  const apart = [/^([^,]*),(.*)$/s, /^(.*),([^,]*)$/s].map((at) => at.exec(secret)?.slice(1) ?? [])
  return apart.find((parts) => areKeys(parts) && parts.some((part) => !/\s/.test(part))) ?? []
}

/** The keys in SESSION_SECRET, apart by commas or white space; anything else is one key, as it was before there were several. */
export function keysIn(secret: string): [string, ...string[]] {
  const parts = [secret.split(/[\s,]+/).filter(Boolean), besidePassphrase(secret)].find(areKeys)
  // The whole: a passphrase of long words, in use before, goes on being good.
  return parts ? [...(parts as [string, string]), secret] : [secret]
}
