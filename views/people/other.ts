import type { Conversation, Member } from '../../server/contract/conversations.ts'

/** The other person of a 1:1, whose members are in pages of the list, too; undefined in groups and notes to oneself. */
export function otherOf({ is_group, members }: Conversation, myId: number | undefined): Member | undefined {
  return is_group ? undefined : members?.find(({ user_id }) => user_id !== myId)
}
