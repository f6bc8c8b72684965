import type { Request } from 'express'
import type { OwnUser } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { callerOf } from '../web/caller.ts'
import { refund, resetLimit, spend } from '../web/limits.ts'
import { unauthenticated } from '../web/problem.ts'
import { knownDevice } from './device.ts'
import { isOldHash } from './old-password.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { passwordMark } from './standing.ts'
import { type Credentials, findActiveUser, findCredentials, findDecoyHash, foldEmail } from './store.ts'

interface Checked {
  user: OwnUser
  /** Of the password they gave, for the session that begins. */
  mark: string
}

/**
 * Finds out who somebody is.
 * @throws Problem 429; 401, indistinguishable, even by time, for an unknown e-mail and a wrong password
 */
export async function checkPassword(req: Request, email: string, password: string): Promise<Checked> {
  const credentials = await findCredentials(email)
  const undoGuess = await countGuess(req, email, credentials?.id)
  const hash = await hashOf(email, password, credentials)
  const user = hash && (await findActiveUser(credentials!.id))
  if (!user) throw unauthenticated('Wrong e-mail or password.')
  await undoGuess()
  return { user, mark: passwordMark(hash) }
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
