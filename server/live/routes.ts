import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { currentCursor } from './cursor.ts'
import { openStream } from './streams.ts'

export const live = Router()

/** The user's stream of events, until he, or the service, hangs up. */
endpoint(live, 'get', '/api/messages/stream', {}, async ({ req, res, user }) => {
  await openStream(res, user.id, req.sessionID, await currentCursor())
})
