import type { Conversation } from '../../server/contract/conversations.ts'
import type { Reader } from '../reader.ts'
import { Recent } from '../recent.ts'
import { fold } from './names.ts'
import { otherOf } from './other.ts'

interface Named {
  user_id: number
  username: string
  display_name: string
}

/** Needed for every name in the list at every draw. */
const folded = new Recent<string>(2000)

/** The @username, by user id, of those people whose names look the same. */
export function handlesOf(people: Named[]): Map<number, string> {
  const each = [...new Map(people.map((person) => [person.user_id, person])).values()]
  const byName = Map.groupBy(each, ({ display_name: name }) => folded.get(name, () => fold(name)))
  const ambiguous = [...byName.values()].filter((group) => group.length > 1).flat()
  return new Map(ambiguous.map(({ user_id, username }) => [user_id, `@${username}`]))
}

/** The same for the partners in 1:1 conversations, by conversation id. */
export function handlesIn(conversations: Conversation[], { me }: Reader): Map<number, string> {
  const others = conversations.flatMap((conversation) => {
    const other = otherOf(conversation, me?.id)
    return other ? [{ id: conversation.id, other }] : []
  })
  const handles = handlesOf(others.map(({ other }) => other))
  return new Map(others.map(({ id, other }) => [id, handles.get(other.user_id) ?? '']))
}
