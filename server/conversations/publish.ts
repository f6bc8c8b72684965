import type { Change } from '../changes/conversation.ts'
import type { Conversation } from '../contract/conversations.ts'
import { frame, type Publication } from '../live/envelope.ts'
import { publishViews } from '../live/publish.ts'
import { viewsOf } from './store.ts'

/** The conversation for each of its viewers as they see it, as of this `seq`. */
export const viewParts = (views: Map<number, Conversation>, seq: number): Publication['parts'] =>
  [...views].map(([viewerId, conversation]) => ({
    userIds: [viewerId],
    frame: frame('conversation_updated', { conversation_id: conversation.id, seq, conversation }),
  }))

/** Publishes a change of the conversation that took this `seq`, to each member as they see it. */
export async function publishConversation(
  { conversation: { id }, transactionsOf }: Change,
  memberIds: number[],
  seq: number,
): Promise<void> {
  const parts = viewParts(await viewsOf(id, memberIds), seq)
  publishViews({ header: { kind: 'change', conversationId: id, seq, ...transactionsOf(seq) }, parts })
}

/**
 * Publishes the conversation to members as each of them sees it.
 * @param why they created it, joined it, or changed their own settings
 */
export async function publishToMembers(
  id: number,
  memberIds: number[],
  why: 'created' | 'joined' | 'settings',
): Promise<void> {
  const views = await viewsOf(id, memberIds)
  // Read in one statement: the same for all of them. Without any there is nothing to publish.
  const { seq = 0 } = views.values().next().value ?? {}
  publishViews({
    header: { kind: 'member', conversationId: id, seq, isJoin: why !== 'settings', isNew: why === 'created' },
    parts: viewParts(views, seq),
  })
}
