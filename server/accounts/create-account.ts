import type { Request } from 'express'
import { config } from '../config.ts'
import type { OwnUser } from '../contract/users.ts'
import { callerOf } from '../web/caller.ts'
import { spend } from '../web/limits.ts'
import { conflict, forbidden } from '../web/problem.ts'
import { insertUser } from './insert.ts'
import { hashPassword } from './password.ts'
import { passwordMark } from './standing.ts'

export interface Registration {
  email: string
  username: string
  password: string
  display_name?: string | undefined
  locale?: string | undefined
}

interface Created {
  user: OwnUser
  /** Of their password, for the session that begins. */
  mark: string
}

/** @throws Problem 403 when registration is closed, 409 when the e-mail or username is taken, 429 */
export async function createAccount(req: Request, wanted: Registration): Promise<Created> {
  if (config.registration === 'closed')
    throw forbidden('Registration is closed. Ask an administrator for an account.')
  await spend('register', callerOf(req))
  const { email, username, display_name = username, locale } = wanted
  const password_hash = await hashPassword(wanted.password)
  try {
    const user = await insertUser({ email, username, display_name, password_hash, locale })
    return { user, mark: passwordMark(password_hash) }
  } catch (error) {
    const { constraint_name: taken } = error as { constraint_name?: string }
    if (taken?.includes('email')) throw conflict('This e-mail address is already in use.')
    if (taken?.includes('username')) throw conflict('This username is already in use.')
    throw error
  }
}
