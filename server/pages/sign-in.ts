import type { Request, RequestHandler, Response } from 'express'
import { signIn, signOut } from '../accounts/sign-in.ts'
import { config } from '../config.ts'
import { LoginBody } from '../contract/users.ts'
import { Problem } from '../web/problem.ts'
import { readerFor, render } from '../web/render.ts'
import { safeNext } from './next.ts'

interface SignInPage {
  email?: string | undefined
  error?: 'sign_in.wrong' | 'sign_in.slow_down' | 'sign_in.insecure_proxy'
}

const errors: Record<string, NonNullable<SignInPage['error']>> = {
  unauthenticated: 'sign_in.wrong',
  rate_limited: 'sign_in.slow_down',
  insecure_proxy: 'sign_in.insecure_proxy',
}

function show(req: Request, res: Response, page: SignInPage = {}): void {
  const data = { ...page, next: safeNext(req.query.next), registration: config.registration === 'open' }
  res.send(render('accounts/sign-in', readerFor(req), data))
}

/** GET /logowanie?next= */
export const getSignIn: RequestHandler = (req, res) => {
  if (req.user) return res.redirect(safeNext(req.query.next) ?? '/wiadomosci')
  show(req, res)
}

/** POST /logowanie: back to the requested page, or 401 and the form with the reason. */
export const postSignIn: RequestHandler = async (req, res) => {
  const given = LoginBody.safeParse(req.body ?? {})
  const problem = given.success
    ? await problemOf(signIn(req, given.data.email, given.data.password))
    : new Problem(401, 'unauthenticated', 'The form is incomplete.')
  if (!problem) return res.redirect(303, safeNext(req.query.next) ?? '/wiadomosci')
  const error = errors[problem.code]
  if (!error) throw problem
  if (problem.retryAfter) res.set('Retry-After', String(problem.retryAfter))
  res.status(problem.status)
  show(req, res, { email: given.data?.email, error })
}

/** POST /wylogowanie */
export const postSignOut: RequestHandler = async (req, res) => {
  await signOut(req)
  res.redirect(303, '/logowanie')
}

/** The problem that refused an attempt; other errors are thrown. */
export async function problemOf(attempt: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}
