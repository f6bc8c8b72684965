import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { sharedIn } from './store.ts'

export const shared = Router()

/** Pictures, other files or links of a conversation. */
endpoint(shared, 'GET /api/conversations/:id/files', {}, ({ user, params, query }) =>
  sharedIn(user.id, params.id, query),
)
