import { promisify } from 'node:util'
import type { Request, Response } from 'express'
import { config } from '../config.ts'
import type { OwnUser } from '../live/events.ts'
import { hangUp } from '../live/streams.ts'
import { forgive, spend } from '../web/limits.ts'
import { conflict, forbidden, unauthenticated } from '../web/problem.ts'
import { isOldHash } from './old-password.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { findActiveUser, findCredentials, findHashOfAnybody, insertUser, replaceHash } from './store.ts'

/** @throws Problem 429; 401, the same and after the same time for an unknown e-mail and for a wrong password. */
export async function signIn(req: Request, email: string, password: string): Promise<OwnUser> {
  await spend('sign_in_address', req.ip ?? '')
  await spend('sign_in_account', email.toLowerCase())
  const user = await findByPassword(email, password)
  if (!user) throw unauthenticated('E-mail or password is wrong.')
  await forgive('sign_in_account', email.toLowerCase())
  await startSession(req, user.id)
  return user
}

async function findByPassword(email: string, password: string): Promise<OwnUser | undefined> {
  const account = await findCredentials(email)
  const hash = account?.password_hash ?? (await findHashOfAnybody(email))
  const matches = await passwordMatches(hash, password)
  if (!matches || !account?.password_hash) return undefined
  if (isOldHash(account.password_hash))
    await replaceHash(account.id, account.password_hash, await hashPassword(password))
  return findActiveUser(account.id)
}

/** A new session id for the signed-in: one that somebody planted before is worth nothing. */
export async function startSession(req: Request, userId: number): Promise<void> {
  await promisify(req.session.regenerate).call(req.session)
  req.session.userId = userId
  req.session.prolongedAt = Date.now()
  await promisify(req.session.save).call(req.session)
}

/** Ends the session and the streams that were opened with it. */
export async function signOut(req: Request, _res: Response): Promise<void> {
  const { sessionID, user } = req
  await promisify(req.session.destroy).call(req.session)
  if (user) hangUp(user.id, sessionID)
}

export interface Registration {
  email: string
  username: string
  password: string
  display_name?: string | undefined
}

/** @throws Problem 403 when registration is closed, 409 when the e-mail or username is taken, 429 */
export async function register(wanted: Registration, address: string): Promise<OwnUser> {
  if (config.registration === 'closed')
    throw forbidden('Registration is closed. Ask an administrator for an account.')
  await spend('register', address)
  const { email, username, display_name = username } = wanted
  const password_hash = await hashPassword(wanted.password)
  try {
    return await insertUser({ email, username, display_name, password_hash })
  } catch (error) {
    const { constraint_name: taken } = error as { constraint_name?: string }
    if (taken?.includes('email')) throw conflict('The e-mail address is taken.')
    if (taken?.includes('username')) throw conflict('The username is taken.')
    throw error
  }
}
