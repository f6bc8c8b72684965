import type { Message as NativeMessage } from '../../contract/messages.ts'
import { receiptsOf } from '../receipts.ts'
import type { Message } from './endpoints.ts'

/** Messages as Messenger Core has them, in the same order. A system line is a message with its text. */
export async function messagesFor(messages: NativeMessage[]): Promise<Message[]> {
  const receipts = await receiptsOf(messages)
  return messages.map(({ id, conversation_id, sender_id, content_text, created_at, is_deleted }) => ({
    id,
    chat_id: conversation_id,
    sender_id,
    content: content_text,
    created_at,
    ...receipts.get(id)!,
    is_delete: is_deleted,
  }))
}

export const messageFor = async (message: NativeMessage): Promise<Message> =>
  (await messagesFor([message]))[0]!
