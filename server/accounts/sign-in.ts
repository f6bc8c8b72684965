import { promisify } from 'node:util'
import type { Request } from 'express'
import type { OwnUser } from '../contract/users.ts'
import { hangUp } from '../live/publish.ts'
import { loadSession, mustTakeCookie } from '../web/session.ts'
import { checkPassword } from './check-password.ts'
import { createAccount, type Registration } from './create-account.ts'
import { endSession } from './end-sessions.ts'

/** @throws Problem 401 and 429, see check-password.ts; 403 when there is no cookie to sign in with */
export async function signIn(req: Request, email: string, password: string): Promise<OwnUser> {
  mustTakeCookie(req)
  const { user, mark } = await checkPassword(req, email, password)
  await startSession(req, user.id, mark)
  return user
}

/**
 * Creates an account and signs in to it.
 * @throws Problem 403, 409 and 429, see create-account.ts
 */
export async function register(req: Request, wanted: Registration): Promise<OwnUser> {
  mustTakeCookie(req)
  const { user, mark } = await createAccount(req, wanted)
  await startSession(req, user.id, mark)
  return user
}

/** Starts a session with a new id, so that one planted before is worthless. */
async function startSession(req: Request, userId: number, mark: string): Promise<void> {
  const before = { id: req.sessionID, user: req.user }
  await loadSession(req)
  // A guest has no session to destroy.
  if (before.user) await promisify(req.session.regenerate).call(req.session)
  else req.sessionStore.generate(req)
  if (before.user) hangUp(before.user.id, before.id)
  req.session.userId = userId
  req.session.passwordMark = mark
  req.session.prolongedAt = Date.now()
  await promisify(req.session.save).call(req.session)
}

/** Ends the session and the streams opened with it. */
export async function signOut(req: Request): Promise<void> {
  const { sessionID, user } = req
  if (req.bearer) return user && endSession(user.id, sessionID)
  await loadSession(req)
  await promisify(req.session.destroy).call(req.session)
  if (user) hangUp(user.id, sessionID)
}
