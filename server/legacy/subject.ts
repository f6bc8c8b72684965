const prefixes = /^(?:(?:re|odp|fwd|pd)\s*:\s*)+/i
const oneLine = (subject: string | null) => (subject ?? '').replace(/\s+/g, ' ').trim()

/**
 * The subject, if it needs a line of its own: not when it only repeats the parent's after `Re:`, `Odp:`, `Fwd:` or
 * `PD:`, however often and mixed. Undefined when there is none.
 */
export function ownSubject(subject: string | null, parentSubject: string | null): string | undefined {
  const own = oneLine(subject)
  if (own === '') return undefined
  const bare = own.replace(prefixes, '')
  const isAnswer = bare !== own
  const repeats = bare.toLowerCase() === oneLine(parentSubject).replace(prefixes, '').toLowerCase()
  return isAnswer && parentSubject !== null && repeats ? undefined : own
}
