import { plainText } from '../../views/messages/plain-text.ts'
import type { Events } from '../contract/events.ts'
import type { Message } from '../contract/messages.ts'
import { batched } from '../db/batch.ts'
import { messagesById } from '../messages/store.ts'

/** As an edit left it, whatever became of it since: a reader may be no member any more by then. */
export async function findEdited(edit: Events['message_edited']): Promise<Message | undefined> {
  const message = await findMessage(edit.message_id)
  return message && { ...message, content_text: plainText(edit.new_content), edited_at: edit.edited_at }
}

/** A message as it is by now, for frames that say more than the event they come from. */
export const findMessage = batched<number, Message | undefined>({
  async ask(ids) {
    const found = await messagesById(ids)
    return ids.map((id) => found.get(id))
  },
})
