import type { Request, RequestHandler, Response } from 'express'
import type { TextKey } from '../../views/texts/texts.ts'
import { register } from '../accounts/sign-in.ts'
import { config } from '../config.ts'
import { RegistrationBody } from '../contract/users.ts'
import { notFound } from '../web/problem.ts'
import { readerFor, render } from '../web/render.ts'
import { problemOf } from './sign-in.ts'

interface RegisterPage {
  given?: Record<string, unknown>
  /** Names of invalid fields. */
  wrong?: PropertyKey[]
  error?: TextKey
}

function show(req: Request, res: Response, page: RegisterPage = {}): void {
  res.send(render('accounts/register', readerFor(req), { given: {}, ...page }))
}

/** GET /rejestracja; 404 while registration is closed. */
export const getRegister: RequestHandler = (req, res) => {
  if (config.registration !== 'open') throw notFound()
  if (req.user) return res.redirect('/wiadomosci')
  show(req, res)
}

/** POST /rejestracja: the new member's conversations, or the form with its errors. */
export const postRegister: RequestHandler = async (req, res) => {
  if (config.registration !== 'open') throw notFound()
  const given: Record<string, unknown> = req.body ?? {}
  const wanted = RegistrationBody.safeParse(given)
  if (!wanted.success) {
    const wrong = wanted.error.issues.map((issue) => issue.path[0] ?? '')
    return show(req, res.status(400), { given, wrong, error: 'register.invalid' })
  }
  // The account gets the language of the registration page.
  const { locale } = readerFor(req)
  const problem = await problemOf(register(req, { ...wanted.data, locale }))
  if (!problem) return res.redirect(303, '/wiadomosci')
  if (problem.retryAfter) res.set('Retry-After', String(problem.retryAfter))
  if (problem.status === 429) return show(req, res.status(429), { given, error: 'sign_in.slow_down' })
  if (problem.code === 'insecure_proxy')
    return show(req, res.status(403), { given, error: 'sign_in.insecure_proxy' })
  if (problem.status !== 409) throw problem
  show(req, res.status(409), { given, error: 'register.taken' })
}
