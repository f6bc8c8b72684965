import { Router } from 'express'
import { z } from 'zod'
import { endpoint } from '../web/endpoint.ts'
import { ById, idText } from '../web/params.ts'
import { emoji } from './emoji.ts'
import { addReaction, removeReaction } from './react.ts'

export const reactions = Router()

/** 201 with the reaction; 200 when it was there already. */
endpoint(
  reactions,
  'post',
  '/api/messages/:id/reactions',
  { limit: 'change', params: ById, body: z.object({ emoji }) },
  async ({ user, params, body, res }) => {
    const { reaction, isNew } = await addReaction(user, params.id, body.emoji)
    res.status(isNew ? 201 : 200)
    return { reaction }
  },
)

endpoint(
  reactions,
  'delete',
  '/api/messages/:id/reactions/:emoji',
  { limit: 'change', params: z.object({ id: idText, emoji }) },
  ({ user, params }) => removeReaction(user, params.id, params.emoji),
)
