import type { Message } from '../contract/messages.ts'
import type { User } from '../contract/users.ts'
import { namesIn } from '../mentions/store.ts'
import { stopTyping } from '../typing/typing.ts'
import { notFound } from '../web/problem.ts'
import { cleanContent } from './content.ts'
import { insertMessage } from './insert.ts'
import { linkToPreview } from './links.ts'
import { publishDraft, publishMessage } from './publish.ts'
import { noSuchAttachment, noSuchReply } from './refusals.ts'

/** Which draft a message ends: whichever is there. */
export const anyDraft = -1

export interface NewMessage {
  /** May be empty when there are attachments. */
  content: string
  attachment_ids?: number[] | undefined
  reply_to_id?: number | undefined
  client_id?: string | undefined
  /** Of the draft that it was, which it ends; `anyDraft` for whichever is there. Without it, drafts stay. */
  draft_version?: number | undefined
}

/**
 * Stores a message, then publishes it. The same `client_id` again stores nothing and returns the first one.
 * @throws Problem 400, 404, 413
 */
export async function sendMessage(
  { id: senderId, username, display_name, company, avatar_url }: User,
  conversationId: number,
  { content, reply_to_id, client_id, draft_version, attachment_ids = [] }: NewMessage,
): Promise<{ message: Message; isNew: boolean }> {
  const names = await namesIn(content, { writerId: senderId, conversationId })
  const { html, text } = cleanContent(content, { mayBeEmpty: attachment_ids.length > 0, names })
  const sent = await insertMessage({
    conversationId,
    senderId,
    // Without what only they themselves may see.
    sender: { id: senderId, username, display_name, company, avatar_url },
    content: html,
    contentText: text,
    replyToId: reply_to_id,
    clientId: client_id,
    draftVersion: draft_version,
    attachmentIds: [...new Set(attachment_ids)],
    tasks: linkToPreview(html) ? ['preview'] : [],
  })
  switch (sent.outcome) {
    case 'not_found':
      throw notFound()
    case 'reply_not_found':
      throw noSuchReply()
    case 'attachment_not_found':
      throw noSuchAttachment()
    case 'repeated':
      return { message: sent.message, isNew: false }
    case 'sent':
      stopTyping(senderId, conversationId)
      publishMessage(sent.message, sent.recipients, { xid: sent.xid, previousXid: sent.previousXid })
      if (sent.draftVersion) publishDraft(senderId, conversationId, { version: sent.draftVersion })
      return { message: sent.message, isNew: true }
  }
}
