import { invalid } from '../web/problem.ts'

export const noSuchReply = () =>
  invalid('The message you reply to is not in this conversation.', [
    { path: 'reply_to_id', message: 'is not a message of this conversation' },
  ])

export const noSuchAttachment = () =>
  invalid('An attachment is not yours, or has already been sent.', [
    { path: 'attachment_ids', message: 'is not an unsent attachment of yours' },
  ])
