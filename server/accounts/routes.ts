import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { notFound } from '../web/problem.ts'
import { changeSettings } from './change-settings.ts'
import { searchUsers } from './search.ts'
import { register, signIn, signOut } from './sign-in.ts'
import { findProfile } from './store.ts'

export const accounts = Router()

endpoint(accounts, 'POST /api/auth/register', {}, async ({ body, req, res }) => {
  const user = await register(req, body)
  res.status(201)
  return { user }
})

endpoint(accounts, 'POST /api/auth/login', {}, async ({ body, req }) => ({
  user: await signIn(req, body.email, body.password),
}))

endpoint(accounts, 'POST /api/auth/logout', {}, ({ req }) => signOut(req))

endpoint(accounts, 'GET /api/users/me', {}, ({ user }) => ({ user }))

endpoint(accounts, 'PATCH /api/users/me/settings', { limit: 'change' }, async ({ user, body }) => ({
  user: await changeSettings(user.id, body),
}))

/** Any active member. */
endpoint(accounts, 'GET /api/users/:id', {}, async ({ params }) => {
  const user = await findProfile(params.id)
  if (!user) throw notFound()
  return { user }
})

/** The member directory, by name. */
endpoint(accounts, 'GET /api/users', { limit: 'search' }, ({ query }) => searchUsers(query))
