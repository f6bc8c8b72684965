import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { starMessage, unstarMessage } from './star.ts'
import { starredPage } from './store.ts'

export const stars = Router()

endpoint(stars, 'GET /api/messages/starred', {}, ({ user, query }) => starredPage(user.id, query))

endpoint(stars, 'POST /api/messages/:id/star', { limit: 'change' }, ({ user, params }) =>
  starMessage(user.id, params.id),
)

endpoint(stars, 'DELETE /api/messages/:id/star', { limit: 'change' }, ({ user, params }) =>
  unstarMessage(user.id, params.id),
)
