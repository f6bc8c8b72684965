import type { RequestHandler } from 'express'
import { prolongSession, sessionIdOf } from '../web/session.ts'
import { findSignedIn } from './store.ts'

/** Loads the signed-in user at every request, so that deactivating a user or ending a session takes effect at once. */
export const identify: RequestHandler = async (req, res, next) => {
  const id = sessionIdOf(req)
  const found = id && (await findSignedIn(id))
  if (found) {
    req.sessionID = id
    req.user = found.user
    await prolongSession(req, res, found.prolongedAt)
  }
  next()
}
