import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { setTyping } from './typing.ts'

export const typing = Router()

/** The caller is typing, or has stopped; in a large group nothing is published. */
endpoint(typing, 'POST /api/conversations/:id/typing', { limit: 'typing' }, ({ user, params, body }) =>
  setTyping(user, params.id, body.is_typing),
)
