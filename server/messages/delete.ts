import { forgetAttachments, removeFiles } from '../attachments/remove.ts'
import { changeMessage } from '../changes/message.ts'
import { mayDelete } from '../changes/rights.ts'
import { dropPreview, removePicture } from './link-preview.ts'

/** Clears everything from one's own message but its place, its sender and its time. @throws Problem 403, 404 */
export const deleteMessage = (userId: number, messageId: number): Promise<void> =>
  changeMessage(userId, messageId, async ({ tx, message, takeSeq, publishChange, afterCommit }) => {
    mayDelete(userId, message)
    if (message.is_deleted) return
    const preview = await dropPreview(tx, messageId, undefined)
    await tx`
      update messages
      set content = null, content_text = null, preview_removed_urls = null, forwarded_from = null, reply_to_id = null, poll = null,
        is_deleted = true, deleted_at = now()
      where id = ${messageId}`
    await tx`delete from message_reactions where message_id = ${messageId}`
    await tx`delete from poll_votes where message_id = ${messageId}`
    await tx`delete from message_stars where message_id = ${messageId}`
    await tx`delete from message_pins where message_id = ${messageId}`
    const files = await forgetAttachments(tx, messageId)
    publishChange('message_deleted', { message_id: messageId }, await takeSeq())
    afterCommit(() => removeFiles(files))
    afterCommit(() => removePicture(preview?.image))
  })
