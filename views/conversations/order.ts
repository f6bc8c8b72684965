import type { Conversation, ConversationPage } from '../../server/contract/conversations.ts'

export type Place = Pick<Conversation, 'updated_at' | 'id'>

export const newestFirst = (a: Place, b: Place): number =>
  b.updated_at.localeCompare(a.updated_at) || b.id - a.id

/** How a list is shown. */
export const pinnedFirst = (a: Conversation, b: Conversation): number =>
  Number(b.is_pinned) - Number(a.is_pinned) || newestFirst(a, b)

/** All that a page of a list brings, as it is shown. */
export const inListOrder = ({ conversations, pinned = [] }: ConversationPage): Conversation[] =>
  [...conversations, ...pinned].sort(pinnedFirst)
