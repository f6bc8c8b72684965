import { changeMessage, type MessageChange } from '../changes/message.ts'
import { mayEdit } from '../changes/rights.ts'
import type { Message } from '../contract/messages.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { namesIn, newlyMentioned } from '../mentions/store.ts'
import { cleanContent } from './content.ts'
import { dropPreview, removePicture } from './link-preview.ts'
import { linkToPreview } from './links.ts'
import { messagesById } from './store.ts'

/**
 * Changes the text of one's own message, within `limits.editWindowHours` of sending it. The same text again changes nothing.
 * @throws Problem 400, 403, 404, 413
 */
export const editMessage = (userId: number, messageId: number, content: string): Promise<Message> =>
  changeMessage(userId, messageId, async (whole) => {
    const { tx, message, takeSeq, publishChange } = whole
    mayEdit(userId, message)
    const names = await namesIn(content, { writerId: userId, conversationId: message.conversation_id }, tx)
    const { html, text } = cleanContent(content, { mayBeEmpty: message.has_attachments, names })
    if (html !== message.content) {
      const user_ids = await newlyMentioned(tx, message, html)
      const [edited] = await tx<[{ edited_at: string }]>`
        update messages set content = ${html}, content_text = ${text}, edited_at = now()
        where id = ${messageId} returning edited_at`
      const change = { message_id: messageId, new_content: html, edited_at: edited.edited_at }
      publishChange('message_edited', change, await takeSeq())
      const { conversation_id } = message
      if (user_ids.length > 0)
        await enqueue(tx, 'mentioned', { conversation_id, message_id: messageId, user_ids })
      await replacePreview(whole, html)
    }
    return (await messagesById([messageId], tx)).get(messageId)!
  })

/** The preview of a removed link is dropped at once; a job fetches that of a new one. */
async function replacePreview(change: MessageChange, html: string): Promise<void> {
  const { tx, message, takeSeq, publishChange, afterCommit } = change
  const url = linkToPreview(html)
  const dropped = await dropPreview(tx, message.id, url)
  if (url)
    await enqueue(tx, 'preview', { message_id: message.id }, { key: `preview:${message.id}`, priority: 10 })
  if (!dropped) return
  const seq = await takeSeq()
  publishChange('message_updated', { message: (await messagesById([message.id], tx)).get(message.id)! }, seq)
  afterCommit(() => removePicture(dropped.image))
}
