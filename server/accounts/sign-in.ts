import { promisify } from 'node:util'
import type { Request } from 'express'
import { config } from '../config.ts'
import type { OwnUser } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { hangUp } from '../live/publish.ts'
import { callerOf } from '../web/caller.ts'
import { refund, resetLimit, spend } from '../web/limits.ts'
import { conflict, forbidden, unauthenticated } from '../web/problem.ts'
import { loadSession, mustTakeCookie } from '../web/session.ts'
import { knownDevice } from './device.ts'
import { insertUser } from './insert.ts'
import { isOldHash } from './old-password.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { passwordMark } from './standing.ts'
import { type Credentials, findActiveUser, findCredentials, findDecoyHash, foldEmail } from './store.ts'

/** @throws Problem 429; 401, indistinguishable, even by time, for an unknown e-mail and a wrong password */
export async function signIn(req: Request, email: string, password: string): Promise<OwnUser> {
  mustTakeCookie(req)
  const credentials = await findCredentials(email)
  const undoGuess = await countGuess(req, email, credentials?.id)
  const hash = await hashOf(email, password, credentials)
  const user = hash && (await findActiveUser(credentials!.id))
  if (!user) throw unauthenticated('Wrong e-mail or password.')
  await undoGuess()
  await startSession(req, user.id, hash)
  return user
}

/**
 * Counts a guess at a password, whether or not the account exists. Attempts refused for their address do not count
 * against the account, and a browser that was signed in to the account before is counted separately. So strangers who
 * guess, from however many addresses, do not lock members out of their own browsers.
 * @returns undoes it, for a right password
 */
async function countGuess(
  req: Request,
  email: string,
  userId: number | undefined,
): Promise<() => Promise<unknown>> {
  const device = userId && knownDevice(req, userId)
  if (device) {
    await spend('sign_in_here', device)
    return () => resetLimit('sign_in_here', device)
  }
  const address = callerOf(req)
  await spend('sign_in_address', address)
  // Folded as the database compares e-mails: otherwise one account would have many names here.
  const account = await foldEmail(email)
  const here = `${address} ${account}`
  await spend('sign_in_here', here)
  await spend('sign_in_account', account)
  return () =>
    Promise.all([
      refund('sign_in_address', address),
      resetLimit('sign_in_here', here),
      refund('sign_in_account', account),
    ])
}

/** The stored hash, if the password is right; the portal's is replaced first. */
async function hashOf(
  email: string,
  password: string,
  account: Credentials | undefined,
): Promise<string | undefined> {
  const hash = account?.password_hash ?? (await findDecoyHash(email))
  const matches = await passwordMatches(hash, password)
  if (!matches || !account?.password_hash) return undefined
  if (!isOldHash(account.password_hash)) return account.password_hash
  const newer = await hashPassword(password)
  const isReplaced = await replaceHash(account.id, account.password_hash, newer)
  // Another device was faster, or the password has been changed meanwhile.
  return isReplaced ? newer : hashOf(email, password, await findCredentials(email))
}

/** Replaces a hash by another of the same password. @returns false when the password was changed meanwhile */
async function replaceHash(id: number, old: string, hash: string): Promise<boolean> {
  const { count } =
    await sql`update users set password_hash = ${hash} where id = ${id} and password_hash = ${old}`
  return count > 0
}

/** Starts a session with a new id, so that one planted before is worthless. */
async function startSession(req: Request, userId: number, passwordHash: string): Promise<void> {
  const before = { id: req.sessionID, user: req.user }
  await loadSession(req)
  // A guest has no session to destroy.
  if (before.user) await promisify(req.session.regenerate).call(req.session)
  else req.sessionStore.generate(req)
  if (before.user) hangUp(before.user.id, before.id)
  req.session.userId = userId
  req.session.passwordMark = passwordMark(passwordHash)
  req.session.prolongedAt = Date.now()
  await promisify(req.session.save).call(req.session)
}

/** Ends the session and the streams opened with it. */
export async function signOut(req: Request): Promise<void> {
  const { sessionID, user } = req
  await loadSession(req)
  await promisify(req.session.destroy).call(req.session)
  if (user) hangUp(user.id, sessionID)
}

export interface Registration {
  email: string
  username: string
  password: string
  display_name?: string | undefined
  locale?: string | undefined
}

/**
 * Creates an account and signs in to it.
 * @throws Problem 403 when registration is closed, 409 when the e-mail or username is taken, 429
 */
export async function register(req: Request, wanted: Registration): Promise<OwnUser> {
  if (config.registration === 'closed')
    throw forbidden('Registration is closed. Ask an administrator for an account.')
  mustTakeCookie(req)
  await spend('register', callerOf(req))
  const { email, username, display_name = username, locale } = wanted
  const password_hash = await hashPassword(wanted.password)
  try {
    const user = await insertUser({ email, username, display_name, password_hash, locale })
    await startSession(req, user.id, password_hash)
    return user
  } catch (error) {
    const { constraint_name: taken } = error as { constraint_name?: string }
    if (taken?.includes('email')) throw conflict('This e-mail address is already in use.')
    if (taken?.includes('username')) throw conflict('This username is already in use.')
    throw error
  }
}
