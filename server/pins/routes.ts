import { Router } from 'express'
import { z } from 'zod'
import { mostPins } from '../conversations/rights.ts'
import { endpoint } from '../web/endpoint.ts'
import { ById, idText, limit } from '../web/params.ts'
import { pinMessage, unpinMessage } from './pin.ts'
import { pinsOf } from './store.ts'

export const pins = Router()
const PinsQuery = z.object({ limit: limit(mostPins), cursor: idText.optional() })

endpoint(pins, 'post', '/api/messages/:id/pin', { limit: 'change', params: ById }, ({ user, params }) =>
  pinMessage(user.id, params.id),
)

endpoint(pins, 'delete', '/api/messages/:id/pin', { limit: 'change', params: ById }, ({ user, params }) =>
  unpinMessage(user.id, params.id),
)

endpoint(
  pins,
  'get',
  '/api/conversations/:id/pins',
  { params: ById, query: PinsQuery },
  ({ user, params, query }) => pinsOf(user.id, params.id, query),
)
