import { bus } from '../live/bus.ts'
import { change } from '../live/envelope.ts'
import { viewsOf } from './store.ts'

/** Tells members that the conversation is new or changed, each as he sees it. */
export async function announceConversation(id: number, memberIds: number[]): Promise<void> {
  for (const [memberId, conversation] of await viewsOf(id, memberIds)) {
    const data = { conversation_id: id, seq: conversation.seq, conversation }
    bus.publish([memberId], change('conversation_updated', data))
  }
}
