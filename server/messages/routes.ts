import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { deleteMessage } from './delete.ts'
import { editMessage } from './edit.ts'
import { forwardMessage } from './forward.ts'
import { markRead } from './read.ts'
import { readersOf } from './readers.ts'
import { messagePage } from './store.ts'
import { markUnread } from './unread.ts'

export const messages = Router()

/** A page of messages: the newest, or the one before, after or around a message. */
endpoint(messages, 'GET /api/conversations/:id/messages', {}, ({ user, params, query }) =>
  messagePage(user.id, params.id, query),
)

endpoint(messages, 'POST /api/conversations/:id/read', {}, ({ user, params, body }) =>
  markRead(user.id, params.id, body.message_id),
)

endpoint(messages, 'POST /api/conversations/:id/unread', {}, ({ user, params, body }) =>
  markUnread(user.id, params.id, body.message_id),
)

endpoint(messages, 'GET /api/messages/:id/readers', {}, ({ user, params }) => readersOf(user.id, params.id))

/** Only the sender's own, within `limits.editWindowHours`. */
endpoint(messages, 'PATCH /api/messages/:id', { limit: 'change' }, async ({ user, params, body }) => ({
  message: await editMessage(user.id, params.id, body.content),
}))

endpoint(messages, 'DELETE /api/messages/:id', { limit: 'change' }, ({ user, params }) =>
  deleteMessage(user.id, params.id),
)

/** To all of the conversations, or to none. */
endpoint(messages, 'POST /api/messages/:id/forward', {}, async ({ user, params, body, res }) => {
  const forwarded = await forwardMessage(user.id, params.id, body.conversation_ids)
  res.status(201)
  return { messages: forwarded }
})
