import { mayEdit } from '../conversations/rights.ts'
import type { Message } from '../live/events.ts'
import { changeMessage } from './change.ts'
import { cleanContent } from './content.ts'
import { messagesById } from './store.ts'

/**
 * Changes the text of one's own message, within 24 hours of sending it. The same text again changes nothing.
 * @throws Problem 400, 403, 404, 413
 */
export const editMessage = (userId: number, messageId: number, content: string): Promise<Message> =>
  changeMessage(userId, messageId, async ({ tx, message, renumber, announce }) => {
    mayEdit(userId, message)
    const { html, text } = cleanContent(content, { mayBeEmpty: message.has_attachments })
    if (html !== message.content) {
      const [edited] = await tx<[{ edited_at: string }]>`
        update messages set content = ${html}, content_text = ${text}, edited_at = now()
        where id = ${messageId} returning edited_at`
      const change = { message_id: messageId, new_content: html, edited_at: edited.edited_at }
      announce('message_edited', change, await renumber())
    }
    return (await messagesById([messageId], tx)).get(messageId)!
  })
