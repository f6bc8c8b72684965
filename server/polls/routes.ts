import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { askPoll } from './ask.ts'
import { votersOf } from './store.ts'
import { vote } from './vote.ts'

export const polls = Router()

/** 201 with the message; 200 with the first one when its `client_id` was sent before. */
endpoint(
  polls,
  'POST /api/conversations/:id/polls',
  { limit: 'send' },
  async ({ user, params, body, res }) => {
    const { message, isNew } = await askPoll(user.id, params.id, body)
    res.status(isNew ? 201 : 200)
    return { message }
  },
)

endpoint(polls, 'GET /api/messages/:id/voters', {}, ({ user, params }) => votersOf(user.id, params.id))

endpoint(polls, 'PUT /api/messages/:id/votes', { limit: 'change' }, async ({ user, params, body }) => ({
  message: await vote(user.id, params.id, body.option_ids),
}))
