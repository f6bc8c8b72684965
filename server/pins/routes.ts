import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { pinMessage, unpinMessage } from './pin.ts'
import { pinsOf } from './store.ts'

export const pins = Router()

endpoint(pins, 'post', '/api/messages/:id/pin', { limit: 'change', params: ById }, ({ user, params }) =>
  pinMessage(user.id, params.id),
)

endpoint(pins, 'delete', '/api/messages/:id/pin', { limit: 'change', params: ById }, ({ user, params }) =>
  unpinMessage(user.id, params.id),
)

endpoint(pins, 'get', '/api/conversations/:id/pins', { params: ById }, async ({ user, params }) => ({
  pins: await pinsOf(user.id, params.id),
}))
