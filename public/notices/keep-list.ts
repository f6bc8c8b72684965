import type { Conversation, ConversationPage } from '../../server/contract/conversations.ts'
import type { Conversations } from '../conversations/conversations.ts'

const maxConversations = 100

/** The list as it is kept for a start without a network. The members of groups are fetched with the conversation. */
export function listToKeep(conversations: Conversations): ConversationPage {
  const shown = conversations
    .shown({ filter: 'all', query: '' })
    .slice(0, maxConversations)
    .map(withoutMembers)
  const unread_total = conversations.unread
  return { conversations: shown, has_more: false, next_cursor: null, unread_total }
}

function withoutMembers(conversation: Conversation): Conversation {
  if (!conversation.is_group) return conversation
  const { members: _, ...rest } = conversation
  return rest
}
