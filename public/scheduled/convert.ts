import type { Scheduled } from '../../server/contract/scheduled.ts'
import { contentOf, type Draft } from '../composer/drafts.ts'
import { loadReply } from '../composer/load-reply.ts'

/** A message that waits, as it is put back into the composer. */
export async function asDraft(scheduled: Scheduled): Promise<Draft> {
  const { conversation_id, content: html, content_text: text, attachments, reply_to_id } = scheduled
  const reply = reply_to_id && (await loadReply(conversation_id, reply_to_id))
  return { html, text, ...(reply && { reply }), ...(attachments.length && { attachments }) }
}

/** What is asked of the server, but for when. */
export function asBody(draft: Draft) {
  const { reply, attachments, draft_version } = draft
  return {
    content: contentOf(draft),
    draft_version,
    ...(reply && { reply_to_id: reply.id }),
    ...(attachments && { attachment_ids: attachments.map(({ id }) => id) }),
  }
}
