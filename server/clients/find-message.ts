import type { Message } from '../contract/messages.ts'
import { batched } from '../db/batch.ts'
import { messagesById } from '../messages/store.ts'

/** A message as it is by now, for frames that say more than the event they come from. */
export const findMessage = batched<number, Message | undefined>({
  async ask(ids) {
    const found = await messagesById(ids)
    return ids.map((id) => found.get(id))
  },
})
