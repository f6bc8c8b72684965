import type { Message } from '../contract/messages.ts'
import type { User } from '../contract/users.ts'
import { namesIn } from '../mentions/store.ts'
import { stopTyping } from '../typing/typing.ts'
import { invalid, notFound } from '../web/problem.ts'
import { cleanContent } from './content.ts'
import { insertMessage } from './insert.ts'
import { linkToPreview } from './links.ts'
import { publishMessage } from './publish.ts'

export interface NewMessage {
  /** May be empty when there are attachments. */
  content: string
  attachment_ids?: number[] | undefined
  reply_to_id?: number | undefined
  client_id?: string | undefined
}

/**
 * Stores a message, then publishes it. The same `client_id` again stores nothing and returns the first one.
 * @throws Problem 400, 404, 413
 */
export async function sendMessage(
  { id: senderId, username, display_name, company, avatar_url }: User,
  conversationId: number,
  { content, reply_to_id, client_id, attachment_ids = [] }: NewMessage,
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
    attachmentIds: [...new Set(attachment_ids)],
    tasks: linkToPreview(html) ? ['preview'] : [],
  })
  switch (sent.outcome) {
    case 'not_found':
      throw notFound()
    case 'reply_not_found':
      throw invalid('The message you reply to is not in this conversation.', [
        { path: 'reply_to_id', message: 'is not a message of this conversation' },
      ])
    case 'attachment_not_found':
      throw invalid('An attachment is not yours, or has already been sent.', [
        { path: 'attachment_ids', message: 'is not an unsent attachment of yours' },
      ])
    case 'repeated':
      return { message: sent.message, isNew: false }
    case 'sent':
      stopTyping(senderId, conversationId)
      publishMessage(sent.message, sent.recipients, { xid: sent.xid, previousXid: sent.previousXid })
      return { message: sent.message, isNew: true }
  }
}
