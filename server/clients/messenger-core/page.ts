import type { Message } from '../../contract/messages.ts'
import { messagePage } from '../../messages/store.ts'

interface Place {
  limit: number
  before_id?: number | undefined
}

/**
 * As many messages as were asked for, ascending by id, however long they are: to these clients a shorter list means that
 * there are no older ones.
 * @throws Problem 404
 */
export async function wholePage(
  userId: number,
  chatId: number,
  { limit, before_id }: Place,
): Promise<Message[]> {
  let messages: Message[] = []
  for (;;) {
    const place = { limit: limit - messages.length, before_id: messages[0]?.id ?? before_id }
    const page = await messagePage(userId, chatId, place)
    messages = [...page.messages, ...messages]
    if (!page.has_more || messages.length >= limit) return messages
  }
}
