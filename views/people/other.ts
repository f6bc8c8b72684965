import type { Conversation, Member } from '../../server/contract/conversations.ts'

/** The other person of a 1:1, of which pages of the list have the members, too; nobody in groups and notes to oneself. */
export function otherOf({ is_group, members }: Conversation, myId: number | undefined): Member | undefined {
  return is_group ? undefined : members?.find(({ user_id }) => user_id !== myId)
}
