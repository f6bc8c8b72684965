import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { changesAfter } from './changes.ts'
import { deleteMessage } from './delete.ts'
import { editMessage } from './edit.ts'
import { forwardMessage } from './forward.ts'
import { markRead } from './read.ts'
import { ChangesQuery, EditBody, ForwardBody, NewMessageBody, PageQuery, ReadBody } from './schemas.ts'
import { sendMessage } from './send.ts'
import { messagePage } from './store.ts'

export const messages = Router()

/** A page of messages: the newest, or the one before, after or around a message. */
endpoint(
  messages,
  'get',
  '/api/conversations/:id/messages',
  { params: ById, query: PageQuery },
  ({ user, params, query }) => messagePage(user.id, params.id, query),
)

/** 201 with the message; 200 with the first one when its `client_id` was sent before. */
endpoint(
  messages,
  'post',
  '/api/conversations/:id/messages',
  { limit: 'send', params: ById, body: NewMessageBody },
  async ({ user, params, body, res }) => {
    const { message, isNew } = await sendMessage(user.id, params.id, body)
    res.status(isNew ? 201 : 200)
    return { message }
  },
)

endpoint(
  messages,
  'post',
  '/api/conversations/:id/read',
  { params: ById, body: ReadBody },
  ({ user, params, body }) => markRead(user.id, params.id, body.message_id),
)

/** One's own, within 24 hours. */
endpoint(
  messages,
  'patch',
  '/api/messages/:id',
  { limit: 'change', params: ById, body: EditBody },
  async ({ user, params, body }) => ({ message: await editMessage(user.id, params.id, body.content) }),
)

endpoint(messages, 'delete', '/api/messages/:id', { limit: 'change', params: ById }, ({ user, params }) =>
  deleteMessage(user.id, params.id),
)

/** To all of the conversations or to none. */
endpoint(
  messages,
  'post',
  '/api/messages/:id/forward',
  { params: ById, body: ForwardBody },
  async ({ user, params, body, res }) => {
    const forwarded = await forwardMessage(user.id, params.id, body.conversation_ids)
    res.status(201)
    return { messages: forwarded }
  },
)

/** What changed since a `seq`; how a client catches up. */
endpoint(
  messages,
  'get',
  '/api/conversations/:id/changes',
  { params: ById, query: ChangesQuery },
  ({ user, params, query }) => changesAfter(user.id, params.id, query.after_seq),
)
