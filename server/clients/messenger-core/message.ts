import type { Message as NativeMessage } from '../../contract/messages.ts'
import { type Receipts, receiptsOf } from '../receipts.ts'
import type { Message } from './endpoints.ts'

/** Messages as Messenger Core has them, in the same order. A system line is a message with its text. */
export async function messagesFor(messages: NativeMessage[]): Promise<Message[]> {
  const receipts = await receiptsOf(messages)
  return messages.map((message) => translate(message, receipts.get(message.id)!))
}

export const messageFor = async (message: NativeMessage): Promise<Message> =>
  (await messagesFor([message]))[0]!

/** One that nobody can have got yet. */
export const newMessageFor = (message: NativeMessage): Message =>
  translate(message, { delivered_at: null, read_at: null })

const translate = (
  { id, conversation_id, sender_id, content_text, created_at, is_deleted }: NativeMessage,
  receipts: Receipts,
): Message => ({
  id,
  chat_id: conversation_id,
  sender_id,
  content: content_text,
  created_at,
  ...receipts,
  is_delete: is_deleted,
})
