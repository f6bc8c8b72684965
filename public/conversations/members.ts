import type { Conversation, Member } from '../../server/contract/conversations.ts'
import { otherOf } from '../../views/people/other.ts'

/** Of a 1:1, who it is with: in notes to oneself that is oneself. */
export function partnerOf(conversation: Conversation, me: number): number | undefined {
  if (conversation.is_group) return undefined
  return (otherOf(conversation, me) ?? conversation.members?.[0])?.user_id
}

/** A page of the list tells less about members than an opened conversation, and may tell it later. */
export function membersOf(conversation: Conversation, known: Conversation | undefined): Member[] {
  const old = new Map(known?.members?.map((member) => [member.user_id, member]))
  const told = (conversation.members ?? []).map((member) => furthest(member, old.get(member.user_id)))
  if (told.length >= conversation.member_count) return told
  const rest = [...old.values()].filter((member) => !told.some((each) => each.user_id === member.user_id))
  return [...told, ...rest].slice(0, conversation.member_count)
}

// Reading never goes back, so of two answers the one that is further is the newer.
function furthest(member: Member, old: Member | undefined): Member {
  return (old?.last_read_message_id ?? 0) > (member.last_read_message_id ?? 0)
    ? { ...old, ...member, last_read_message_id: old!.last_read_message_id, last_read_at: old!.last_read_at }
    : { ...old, ...member }
}
