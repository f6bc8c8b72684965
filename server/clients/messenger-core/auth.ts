import express, { Router } from 'express'
import { checkPassword } from '../../accounts/check-password.ts'
import { createAccount } from '../../accounts/create-account.ts'
import { refreshTokens } from '../../accounts/refresh.ts'
import { emailOf } from '../../accounts/store.ts'
import { endFamily, startFamily } from '../../tokens/family.ts'
import { mount } from '../../web/endpoint.ts'
import { endpoints } from './endpoints.ts'
import { meFor } from './me.ts'

export const auth = Router()

/** Without a session: who registers signs in. */
mount(auth, 'POST /auth/register', endpoints['POST /auth/register'], {}, async ({ body, req, res }) => {
  const { user } = await createAccount(req, body)
  res.status(201)
  return meFor(user)
})

/** OAuth clients send a form, with whatever they sign in by as its `username`. */
auth.post('/auth/login', express.urlencoded({ extended: false, limit: '16kb' }))

mount(auth, 'POST /auth/login', endpoints['POST /auth/login'], {}, async ({ body, req }) => {
  const email = 'email' in body ? body.email : await emailOf(body.username)
  const { user, mark } = await checkPassword(req, email, body.password)
  return startFamily({ userId: user.id, passwordMark: mark, scopes: body.scope })
})

mount(auth, 'POST /auth/refresh', endpoints['POST /auth/refresh'], { limit: 'refresh' }, ({ body }) =>
  refreshTokens(body.refresh_token),
)

/** Ends the session, whether or not the token was of use any more. */
mount(auth, 'POST /auth/logout', endpoints['POST /auth/logout'], { limit: 'refresh' }, ({ body }) =>
  endFamily(body.refresh_token),
)
