import type { Member } from '../../server/contract/conversations.ts'
import { fold } from '../../views/people/names.ts'
import { Recent } from '../../views/recent.ts'

/** Needed of every member at every key: of 1,000, two names each, and of the group before. */
const folded = new Recent<string>(5000)
const foldedOf = (name: string) => folded.get(name, () => fold(name))
const byName = new Intl.Collator('pl')

/**
 * Those whom somebody may mean by what they typed after an "@", best first: names that begin with it, then those of which a
 * later word does, then usernames. Without regard to case and diacritics.
 */
export function matching(members: readonly Member[], typed: string): Member[] {
  const wanted = fold(typed)
  const ranked = members.flatMap((member) => {
    const rank = rankOf(member, wanted)
    return rank < 0 ? [] : [{ member, rank }]
  })
  ranked.sort((a, b) => a.rank - b.rank || byName.compare(a.member.display_name, b.member.display_name))
  return ranked.map(({ member }) => member)
}

function rankOf({ display_name, username }: Member, wanted: string): number {
  const name = foldedOf(display_name)
  if (name.startsWith(wanted)) return 0
  // "Nowak-Kowalska" is found by either name.
  if (name.includes(` ${wanted}`) || name.includes(`-${wanted}`)) return 1
  return foldedOf(username).startsWith(wanted) ? 2 : -1
}
