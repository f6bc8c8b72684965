import { changeMessage } from '../changes/message.ts'
import { mayPin } from '../changes/rights.ts'
import { limits } from '../contract/limits.ts'
import { conflict } from '../web/problem.ts'

/** Pins a message for all members; a pinned one stays pinned. @throws Problem 403, 404, 409 at 50 pins */
export const pinMessage = (userId: number, messageId: number): Promise<void> =>
  changeMessage(userId, messageId, async ({ tx, conversation, message, takeSeq, publishChange }) => {
    mayPin(message)
    const { count } = await tx`
      insert into message_pins (conversation_id, message_id, pinned_by_id)
      values (${conversation.id}, ${messageId}, ${userId})
      on conflict do nothing`
    if (count === 0) return
    const [pins] = await tx<[{ count: number }]>`
      select count(*) from message_pins where conversation_id = ${conversation.id}`
    if (pins.count > limits.conversationPins)
      throw conflict(`A conversation can have at most ${limits.conversationPins} pins.`)
    publishChange(
      'message_pinned',
      { message_id: messageId, pinned_by: userId, action: 'pin' },
      await takeSeq(),
    )
  })

export const unpinMessage = (userId: number, messageId: number): Promise<void> =>
  changeMessage(userId, messageId, async ({ tx, takeSeq, publishChange }) => {
    const { count } = await tx`delete from message_pins where message_id = ${messageId}`
    if (count === 0) return
    publishChange(
      'message_pinned',
      { message_id: messageId, pinned_by: userId, action: 'unpin' },
      await takeSeq(),
    )
  })
