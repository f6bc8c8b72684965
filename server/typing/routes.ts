import { Router } from 'express'
import { z } from 'zod'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { setTyping } from './typing.ts'

export const typing = Router()

const TypingBody = z.object({ is_typing: z.boolean().default(true) })

/** The caller is typing, or has stopped; silence where nobody is to be told. */
endpoint(
  typing,
  'post',
  '/api/conversations/:id/typing',
  { limit: 'typing', params: ById, body: TypingBody },
  ({ user, params, body }) => setTyping(user, params.id, body.is_typing),
)
