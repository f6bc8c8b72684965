import { change, memberChange } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { viewsOf } from './store.ts'

/** Publishes a change of the conversation that took this `seq`, to each member as they see it. */
export async function publishConversation(id: number, memberIds: number[], seq: number): Promise<void> {
  for (const [memberId, conversation] of await viewsOf(id, memberIds))
    publish([memberId], change('conversation_updated', { conversation_id: id, seq, conversation }))
}

/** Publishes the conversation to members who joined it, or changed their own settings, as each of them sees it. */
export async function publishToMembers(id: number, memberIds: number[]): Promise<void> {
  for (const [memberId, conversation] of await viewsOf(id, memberIds))
    publish([memberId], memberChange({ conversation_id: id, seq: conversation.seq, conversation }))
}
