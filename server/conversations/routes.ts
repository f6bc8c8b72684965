import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { pageOfChanges } from './changes.ts'
import { createGroup, openDirect } from './create.ts'
import { addMembers, removeMember } from './members.ts'
import { updateOwnSettings } from './own-settings.ts'
import { findConversation, listConversations } from './store.ts'
import { deleteConversation, updateConversation } from './update.ts'

export const conversations = Router()

/** The viewer's conversations, most recently changed first. */
endpoint(conversations, 'GET /api/conversations', {}, ({ user, query }) => listConversations(user.id, query))

/** A 1:1 with `user_id`, 200 when it exists already; or a group. */
endpoint(conversations, 'POST /api/conversations', { limit: 'gather' }, async ({ user, body, res }) => {
  const { conversation, isNew } =
    'user_id' in body ? await openDirect(user.id, body.user_id) : await createGroup(user.id, body)
  res.status(isNew ? 201 : 200)
  return { conversation }
})

endpoint(conversations, 'GET /api/conversations/:id', {}, async ({ user, params }) => ({
  conversation: await findConversation(user.id, params.id),
}))

/** What changed since a `seq`, for a client to catch up. */
endpoint(conversations, 'GET /api/conversations/:id/changes', {}, ({ user, params, query }) =>
  pageOfChanges(user.id, params.id, query),
)

/** A group's name and description; any member. */
endpoint(
  conversations,
  'PATCH /api/conversations/:id',
  { limit: 'change' },
  async ({ user, params, body }) => ({ conversation: await updateConversation(user, params.id, body) }),
)

/** Deletes the group for all members; owner only. */
endpoint(conversations, 'DELETE /api/conversations/:id', { limit: 'change' }, ({ user, params }) =>
  deleteConversation(user.id, params.id),
)

endpoint(
  conversations,
  'POST /api/conversations/:id/members',
  { limit: 'gather' },
  async ({ user, params, body }) => ({ members: await addMembers(user, params.id, body.user_ids) }),
)

/** The owner may remove anyone, a member themselves. */
endpoint(
  conversations,
  'DELETE /api/conversations/:id/members/:user_id',
  { limit: 'gather' },
  ({ user, params }) => removeMember(user, params.id, params.user_id),
)

/** The viewer's own settings: muted, pinned, archived. */
endpoint(
  conversations,
  'PATCH /api/conversations/:id/settings',
  { limit: 'change' },
  async ({ user, params, body }) => ({ conversation: await updateOwnSettings(user.id, params.id, body) }),
)
