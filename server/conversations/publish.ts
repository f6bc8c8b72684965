import { change, memberChange } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { viewsOf } from './store.ts'

/** Tells members of a change of the conversation that took this number, each as he sees it. */
export async function publishConversation(id: number, memberIds: number[], seq: number): Promise<void> {
  for (const [memberId, conversation] of await viewsOf(id, memberIds))
    publish([memberId], change('conversation_updated', { conversation_id: id, seq, conversation }))
}

/** Tells each of these of the conversation as it is for him: because he came to it, or changed what is his own. */
export async function publishToMembers(id: number, memberIds: number[]): Promise<void> {
  for (const [memberId, conversation] of await viewsOf(id, memberIds))
    publish([memberId], memberChange({ conversation_id: id, seq: conversation.seq, conversation }))
}
