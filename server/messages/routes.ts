import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { markRead } from './read.ts'
import { NewMessageBody, PageQuery, ReadBody } from './schemas.ts'
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
  { params: ById, body: NewMessageBody },
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
