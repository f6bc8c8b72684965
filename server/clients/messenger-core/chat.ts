import {
  type Conversation,
  type ListCursor,
  type Member,
  writeListCursor,
} from '../../contract/conversations.ts'
import { listConversations, membersOfEach } from '../../conversations/store.ts'
import type { Chat } from './endpoints.ts'

/** In a list, of all chats together; one chat is always listed whole. */
const maxParticipants = 5000

export const chatFor = ({ id, name, is_group, created_at }: Conversation, members: Member[]): Chat => ({
  id,
  name,
  is_group,
  participants: members.map(({ user_id, username }) => ({ id: user_id, username })),
  created_at,
})

interface ChatPage {
  chats: Chat[]
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined
}

/**
 * A page of somebody's chats, the most recently changed first; fewer when they have many participants. Archived ones
 * too: these clients have no other list of them.
 */
export async function chatPage(
  userId: number,
  { limit, cursor }: { limit: number; cursor?: ListCursor | undefined },
): Promise<ChatPage> {
  const page = await listConversations(userId, { filter: 'any', limit, cursor })
  const listed = page.conversations.slice(0, countFitting(page.conversations))
  const members = await membersOfEach(listed.map(({ id }) => id))
  const isCut = page.has_more || listed.length < page.conversations.length
  const last = listed.at(-1)
  return {
    chats: listed.map((conversation) => chatFor(conversation, members.get(conversation.id) ?? [])),
    next: isCut && last ? writeListCursor(last) : undefined,
  }
}

function countFitting(conversations: Conversation[]): number {
  let sum = 0
  const beyond = conversations.findIndex(({ member_count }, index) => {
    sum += member_count
    return index > 0 && sum > maxParticipants
  })
  return beyond < 0 ? conversations.length : beyond
}
