import { bus } from '../live/bus.ts'
import { change } from '../live/envelope.ts'
import { viewsOf } from './store.ts'

/**
 * Tells members that the conversation is new or changed, each as he sees it.
 * @param seq the number of the change; by default the conversation's newest, for what is the member's own
 */
export async function announceConversation(id: number, memberIds: number[], seq?: number): Promise<void> {
  for (const [memberId, conversation] of await viewsOf(id, memberIds)) {
    const data = { conversation_id: id, seq: seq ?? conversation.seq, conversation }
    bus.publish([memberId], change('conversation_updated', data))
  }
}
