import type { Conversation, Member } from '../../server/contract/conversations.ts'
import { otherOf } from '../../views/people/other.ts'

/** The other member of a 1:1; in notes to oneself, the reader. */
export function partnerOf(conversation: Conversation, me: number): number | undefined {
  if (conversation.is_group) return undefined
  return (otherOf(conversation, me) ?? conversation.members?.[0])?.user_id
}

/** A page of the list has fewer members than an opened conversation, and may arrive later. */
export function membersOf(conversation: Conversation, known: Conversation | undefined): Member[] {
  const old = new Map(known?.members?.map((member) => [member.user_id, member]))
  const listed = (conversation.members ?? []).map((member) => withLatestRead(member, old.get(member.user_id)))
  if (listed.length >= conversation.member_count) return listed
  const rest = [...old.values()].filter((member) => !listed.some((each) => each.user_id === member.user_id))
  return [...listed, ...rest].slice(0, conversation.member_count)
}

// Read positions only move forward, so the further one is the newer.
function withLatestRead(member: Member, old: Member | undefined): Member {
  return (old?.last_read_message_id ?? 0) > (member.last_read_message_id ?? 0)
    ? { ...old, ...member, last_read_message_id: old!.last_read_message_id, last_read_at: old!.last_read_at }
    : { ...old, ...member }
}
