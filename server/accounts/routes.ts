import { Router } from 'express'
import { endpoint } from '../web/endpoint.ts'
import { ById } from '../web/params.ts'
import { notFound } from '../web/problem.ts'
import { LoginBody, RegistrationBody, SettingsBody, UserSearch } from './schemas.ts'
import { searchUsers } from './search.ts'
import { register, signIn, signOut } from './sign-in.ts'
import { findUser, updateSettings } from './store.ts'

export const accounts = Router()

endpoint(
  accounts,
  'post',
  '/api/auth/register',
  { open: true, body: RegistrationBody },
  async ({ body, req, res }) => {
    const user = await register(req, body)
    res.status(201)
    return { user }
  },
)

endpoint(accounts, 'post', '/api/auth/login', { open: true, body: LoginBody }, async ({ body, req }) => ({
  user: await signIn(req, body.email, body.password),
}))

endpoint(accounts, 'post', '/api/auth/logout', {}, ({ req }) => signOut(req))

endpoint(accounts, 'get', '/api/users/me', {}, ({ user }) => ({ user }))

endpoint(
  accounts,
  'patch',
  '/api/users/me/settings',
  { limit: 'change', body: SettingsBody },
  async ({ user, body }) => ({
    user: await updateSettings(user.id, body),
  }),
)

/** Whoever is an active member. */
endpoint(accounts, 'get', '/api/users/:id', { params: ById }, async ({ params }) => {
  const user = await findUser(params.id)
  if (!user) throw notFound()
  return { user }
})

/** The directory of members, by name. */
endpoint(accounts, 'get', '/api/users', { limit: 'search', query: UserSearch }, ({ query }) =>
  searchUsers(query),
)
