import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { createGroup, openDirect } from './create.ts'
import { ListQuery, NewConversation } from './schemas.ts'
import { findConversation, listConversations } from './store.ts'

export const conversations = Router()

/** The viewer's conversations, the last changed first. */
endpoint(conversations, 'get', '/api/conversations', { query: ListQuery }, ({ user, query }) =>
  listConversations(user.id, query),
)

/** A 1:1 with `user_id`, 200 when it exists already; or a group. */
endpoint(
  conversations,
  'post',
  '/api/conversations',
  { body: NewConversation },
  async ({ user, body, res }) => {
    const { conversation, isNew } =
      'user_id' in body ? await openDirect(user.id, body.user_id) : await createGroup(user.id, body)
    res.status(isNew ? 201 : 200)
    return { conversation }
  },
)

endpoint(conversations, 'get', '/api/conversations/:id', { params: ById }, async ({ user, params }) => ({
  conversation: await findConversation(user.id, params.id),
}))
