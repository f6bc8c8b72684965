import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { keyPair } from './keys.ts'
import { subscribe, unsubscribe } from './subscribe.ts'

export const push = Router()

endpoint(push, 'GET /api/push/key', {}, async () => ({ key: (await keyPair()).publicKey }))

endpoint(push, 'POST /api/push/subscriptions', { limit: 'change' }, ({ user, req, body }) =>
  subscribe(user.id, req.sessionID, body),
)

endpoint(push, 'DELETE /api/push/subscriptions', { limit: 'change' }, ({ user, body }) =>
  unsubscribe(user.id, body.endpoint),
)
