import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { beat } from './activity.ts'
import { presencesOf } from './presences.ts'

export const presence = Router()

/** Whoever shares no conversation with the caller is left out. */
endpoint(presence, 'GET /api/users/presence', {}, async ({ user, query: { ids } }) => ({
  presences: await presencesOf(user.id, ids),
}))

/** Keeps the caller present for 60 s; sent every 30 s by a visible page, and by programs without a stream. */
endpoint(presence, 'POST /api/presence/heartbeat', {}, ({ user, body, req }) =>
  beat(user.id, req.sessionID, body.is_active),
)
