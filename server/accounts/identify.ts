import type { RequestHandler } from 'express'
import { findActiveUser } from './store.ts'

/** Loads the signed-in user, afresh at every request: who was deactivated is out at once. */
export const identify: RequestHandler = async (req, _res, next) => {
  const user = req.session.userId && (await findActiveUser(req.session.userId))
  if (user) req.user = user
  next()
}
