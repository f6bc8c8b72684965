import type { Reply } from '../../server/contract/messages.ts'
import { api } from '../api.ts'
import { replyTo } from './drafts.ts'

/** The message that something written elsewhere replies to; undefined when it is not there any more. */
export async function loadReply(conversationId: number, messageId: number): Promise<Reply | undefined> {
  const { messages } = await api.messages(conversationId, { around_id: messageId, limit: 1 })
  const found = messages.find((message) => message.id === messageId)
  return found && replyTo(found)
}
