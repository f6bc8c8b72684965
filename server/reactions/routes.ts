import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { addReaction, removeReaction } from './react.ts'

export const reactions = Router()

/** 201 with the reaction; 200 when it was there already. */
endpoint(
  reactions,
  'POST /api/messages/:id/reactions',
  { limit: 'change' },
  async ({ user, params, body, res }) => {
    const { reaction, isNew } = await addReaction(user, params.id, body.emoji)
    res.status(isNew ? 201 : 200)
    return { reaction }
  },
)

endpoint(reactions, 'DELETE /api/messages/:id/reactions/:emoji', { limit: 'change' }, ({ user, params }) =>
  removeReaction(user, params.id, params.emoji),
)
