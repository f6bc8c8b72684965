import { changeMessage } from '../changes/message.ts'
import { mayRemovePreview } from '../changes/rights.ts'
import type { Transaction } from '../db/client.ts'
import { dropPreview, removePicture } from '../messages/link-preview.ts'
import { linkToPreview } from '../messages/links.ts'
import { messagesById } from '../messages/store.ts'

/**
 * Removes the preview of one's own message for good, even before it has been fetched.
 * @throws Problem 403, 404
 */
export const removePreview = (userId: number, messageId: number): Promise<void> =>
  changeMessage(userId, messageId, async ({ tx, message, takeSeq, publishChange, afterCommit }) => {
    mayRemovePreview(userId, message)
    const dropped = await dropPreview(tx, messageId, undefined)
    const urls = [linkToPreview(message.content), dropped?.url].filter((url) => url !== undefined)
    if (urls.length > 0) await refusePreviews(tx, messageId, urls)
    if (!dropped) return
    const seq = await takeSeq()
    publishChange('message_updated', { message: (await messagesById([messageId], tx)).get(messageId)! }, seq)
    afterCommit(() => removePicture(dropped.image))
  })

/** Remembers that the sender wants no preview of these URLs. */
async function refusePreviews(tx: Transaction, messageId: number, urls: string[]): Promise<void> {
  await tx`
    update messages set preview_removed_urls = array(
      select distinct url from unnest(preview_removed_urls || ${urls}::text[]) url)
    where id = ${messageId}`
}
