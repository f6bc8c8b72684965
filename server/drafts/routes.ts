import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { deleteDraft } from './delete.ts'
import { saveDraft } from './save.ts'
import { draftsOf, findDraft } from './store.ts'

export const drafts = Router()

endpoint(drafts, 'GET /api/drafts', {}, async ({ user }) => ({ drafts: await draftsOf(user.id) }))

endpoint(drafts, 'GET /api/conversations/:id/draft', {}, ({ user, params }) => findDraft(user.id, params.id))

/** 409 with the newer draft, where there is one. */
endpoint(drafts, 'PUT /api/conversations/:id/draft', { limit: 'change' }, ({ user, params, body }) =>
  saveDraft(user.id, params.id, body),
)

endpoint(drafts, 'DELETE /api/conversations/:id/draft', { limit: 'change' }, ({ user, params }) =>
  deleteDraft(user.id, params.id),
)
