import type { RequestHandler } from 'express'
import { findSignedIn } from './store.ts'

/** Loads the signed-in user, afresh at every request: who was deactivated, or whose session was ended, is out at once. */
export const identify: RequestHandler = async (req, _res, next) => {
  const user = req.session.userId && (await findSignedIn(req.session.userId, req.sessionID))
  if (user) req.user = user
  next()
}
