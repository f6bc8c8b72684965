import { Router } from 'express'
import { z } from 'zod'
import { endpoint } from '../web/endpoint.ts'
import { currentCursor } from './cursor.ts'
import { openStream } from './streams.ts'

export const live = Router()

/** Of our own page: whether it is visible. What presence makes of it is told in presence/devices.ts. */
const StreamQuery = z.object({ attended: z.enum(['0', '1']).optional() })

/** The user's stream of events, until he, or the service, hangs up. */
endpoint(live, 'get', '/api/messages/stream', { query: StreamQuery }, async ({ req, res, user, query }) => {
  const attended = query.attended === undefined ? undefined : query.attended === '1'
  // An EventSource that comes back by itself sends this header; a page cannot set it.
  const isReconnect = req.get('last-event-id') !== undefined
  await openStream(res, user.id, req.sessionID, await currentCursor(), { attended, isReconnect })
})
