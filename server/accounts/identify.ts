import type { RequestHandler } from 'express'
import { findSignedIn } from './store.ts'

/** Loads the signed-in user at every request, so that deactivating a user or ending a session takes effect at once. */
export const identify: RequestHandler = async (req, _res, next) => {
  const user = req.session.userId && (await findSignedIn(req.session.userId, req.sessionID))
  if (user) req.user = user
  next()
}
