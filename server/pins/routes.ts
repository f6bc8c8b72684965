import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { pinMessage, unpinMessage } from './pin.ts'
import { pinsOf } from './store.ts'

export const pins = Router()

endpoint(pins, 'POST /api/messages/:id/pin', { limit: 'change' }, ({ user, params }) =>
  pinMessage(user.id, params.id),
)

endpoint(pins, 'DELETE /api/messages/:id/pin', { limit: 'change' }, ({ user, params }) =>
  unpinMessage(user.id, params.id),
)

endpoint(pins, 'GET /api/conversations/:id/pins', {}, ({ user, params, query }) =>
  pinsOf(user.id, params.id, query),
)
