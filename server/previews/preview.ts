import { changeMessage } from '../changes/message.ts'
import type { LinkPreview } from '../contract/messages.ts'
import { removePicture } from '../messages/link-preview.ts'
import { linkToPreview } from '../messages/links.ts'
import { messagesById } from '../messages/store.ts'
import { Problem } from '../web/problem.ts'
import type { Resolve } from './guard.ts'
import { keepPicture } from './pictures.ts'
import { recentPage } from './recent.ts'
import { findPreviewed, type Previewed } from './store.ts'

/**
 * Gives a message the preview of its link, if it has one and its sender has not removed it. When the linked server
 * fails, the message gets no preview; only our own failures are thrown.
 */
export async function previewMessage({ message_id: id }: { message_id: number }): Promise<void> {
  const before = await findPreviewed(id)
  const url = before && wanted(before)
  if (!url) return
  const preview = await makePreview(url)
  if (!preview) return
  const isShown = await show(before.sender_id, id, preview)
  if (!isShown) await removePicture(preview.image)
}

/** The URL that the message should have a preview of, and has not. */
function wanted({ content, link_preview, removed }: Previewed): string | undefined {
  const url = linkToPreview(content)
  return url && link_preview?.url !== url && !removed.includes(url) ? url : undefined
}

/** Undefined when the page cannot be fetched, or does not describe itself. */
export async function makePreview(url: string, resolve?: Resolve): Promise<LinkPreview | undefined> {
  const { title, description, picture } = await recentPage(url, resolve)
  if (!title && !description && !picture) return undefined
  return { url, title, description, image: picture && (await keepPicture(picture)) }
}

/** @returns whether the message still wants it; the sender, on whose behalf it changes, may have left */
async function show(senderId: number, id: number, preview: LinkPreview): Promise<boolean> {
  try {
    return await changeMessage(senderId, id, async ({ tx, takeSeq, publishChange, afterCommit }) => {
      const now = await findPreviewed(id, tx)
      if (!now || wanted(now) !== preview.url) return false
      await tx`update messages set link_preview = ${tx.json({ ...preview })} where id = ${id}`
      const seq = await takeSeq()
      publishChange('message_updated', { message: (await messagesById([id], tx)).get(id)! }, seq)
      afterCommit(() => removePicture(now.link_preview?.image))
      return true
    })
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return false
    throw error
  }
}
