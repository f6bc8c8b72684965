/**
 * Whether two folded words may be forms of one that no dictionary knows, such as a surname: they differ in their ends
 * alone, and these are short beside what they share.
 */
export function mayBeForms(one: string, other: string): boolean {
  const longer = Math.max(one.length, other.length)
  let shared = 0
  while (shared < longer && one[shared] === other[shared]) shared++
  const rest = longer - shared
  return shared >= 3 && rest <= 5 && shared >= 2 * rest
}

/** Whether somebody may have meant the other word: of up to seven letters one is wrong, of more than that two. */
export const mayBeMeant = (typed: string, other: string) =>
  mistakesBetween(typed, other) <= (typed.length > 7 ? 2 : 1)

/** How many letters are wrong, missing, too many, or in each other's place. */
function mistakesBetween(typed: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= typed.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const wrong = typed[i - 1] === other[j - 1] ? 0 : 1
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + wrong)
      if (typed[i - 1] === other[j - 2] && typed[i - 2] === other[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? Infinity) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[other.length]!
}
