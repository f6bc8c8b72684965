import type { Change } from '../changes/conversation.ts'
import { frame } from '../live/envelope.ts'
import { publishViews } from '../live/publish.ts'
import { viewsOf } from './store.ts'

/** Publishes a change of the conversation that took this `seq`, to each member as they see it. */
export async function publishConversation(
  { conversation: { id }, transactionsOf }: Change,
  memberIds: number[],
  seq: number,
): Promise<void> {
  const parts = [...(await viewsOf(id, memberIds))].map(([memberId, conversation]) => ({
    userIds: [memberId],
    frame: frame('conversation_updated', { conversation_id: id, seq, conversation }),
  }))
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
  const views = [...(await viewsOf(id, memberIds))]
  const seq = Math.max(...views.map(([, conversation]) => conversation.seq))
  const parts = views.map(([memberId, conversation]) => ({
    userIds: [memberId],
    frame: frame('conversation_updated', { conversation_id: id, seq: conversation.seq, conversation }),
  }))
  publishViews({
    header: { kind: 'member', conversationId: id, seq, isJoin: why !== 'settings', isNew: why === 'created' },
    parts,
  })
}
