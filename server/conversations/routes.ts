import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { createGroup, openDirect } from './create.ts'
import { addMembers, removeMember } from './members.ts'
import {
  ConversationPatch,
  ListQuery,
  MemberPath,
  NewConversation,
  NewMembers,
  OwnSettings,
} from './schemas.ts'
import { findConversation, listConversations } from './store.ts'
import { deleteConversation, updateConversation, updateOwnSettings } from './update.ts'

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
  { limit: 'gather', body: NewConversation },
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

/** A group's name and description; any member. */
endpoint(
  conversations,
  'patch',
  '/api/conversations/:id',
  { limit: 'change', params: ById, body: ConversationPatch },
  async ({ user, params, body }) => ({ conversation: await updateConversation(user, params.id, body) }),
)

/** The group is gone for all members; its owner. */
endpoint(
  conversations,
  'delete',
  '/api/conversations/:id',
  { limit: 'change', params: ById },
  ({ user, params }) => deleteConversation(user.id, params.id),
)

endpoint(
  conversations,
  'post',
  '/api/conversations/:id/members',
  { limit: 'gather', params: ById, body: NewMembers },
  async ({ user, params, body }) => ({ members: await addMembers(user, params.id, body.user_ids) }),
)

/** The owner removes anyone, a member himself. */
endpoint(
  conversations,
  'delete',
  '/api/conversations/:id/members/:user_id',
  { limit: 'gather', params: MemberPath },
  ({ user, params }) => removeMember(user, params.id, params.user_id),
)

/** One's own: muted, archived. */
endpoint(
  conversations,
  'patch',
  '/api/conversations/:id/settings',
  { limit: 'change', params: ById, body: OwnSettings },
  async ({ user, params, body }) => ({ conversation: await updateOwnSettings(user.id, params.id, body) }),
)
