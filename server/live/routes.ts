import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { isKept } from '../web/session.ts'
import { readCursor } from './cursor.ts'
import { fingerprint } from './envelope.ts'
import type { Live } from './live.ts'

/** The user's stream of events, until they, or the service, hang up. */
export function streamRoutes(live: Live): Router {
  const router = Router()
  endpoint(
    router,
    'GET /api/messages/stream',
    { limit: 'stream', streams: true },
    async ({ req, res, user, query }) => {
      // Express answers HEAD by what answers GET; here that would never end.
      if (req.method === 'HEAD') return void res.type('text/event-stream').end()
      const attended = query.attended === undefined ? undefined : query.attended === '1'
      // An EventSource that reconnects by itself sends this header; a page cannot set it.
      const isReconnect = req.get('last-event-id') !== undefined
      // The header is the later of the two: an EventSource that reconnects repeats its first address.
      const given = req.get('last-event-id') ?? query.last_event_id
      const from = given ? (readCursor(given) ?? 'unknown') : undefined
      const reader = { userId: user.id, sessionId: req.sessionID }
      await live.openStream(res, reader, from, { attended, isReconnect })
      // A sign-out while it was being opened has not reached it.
      if (!(await isKept(req.sessionID).catch(() => true))) live.hangUp(user.id, fingerprint(req.sessionID))
    },
  )
  return router
}
