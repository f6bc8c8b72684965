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

/** Asked of everybody in the list at every draw. */
const folded = new Recent<string>(2000)

/** What tells people apart whose names read alike: of each of those the @username, by id. */
export function handlesOf(people: Named[]): Map<number, string> {
  const each = [...new Map(people.map((person) => [person.user_id, person])).values()]
  const alike = Map.groupBy(each, ({ display_name: name }) => folded.get(name, () => fold(name)))
  const twins = [...alike.values()].filter((group) => group.length > 1).flat()
  return new Map(twins.map(({ user_id, username }) => [user_id, `@${username}`]))
}

/** The same for those whom the reader talks to one to one, by conversation. */
export function handlesIn(conversations: Conversation[], { me }: Reader): Map<number, string> {
  const others = conversations.flatMap((conversation) => {
    const other = otherOf(conversation, me?.id)
    return other ? [{ id: conversation.id, other }] : []
  })
  const handles = handlesOf(others.map(({ other }) => other))
  return new Map(others.map(({ id, other }) => [id, handles.get(other.user_id) ?? '']))
}
