import { Router } from 'express'
import { notFoundHandler } from '../web/errors.ts'
import { getConversations, getShell } from './conversations.ts'
import { getDirectory } from './directory.ts'
import { answerErrorPage } from './errors.ts'
import { getPrinted } from './printed.ts'
import { getProfile, postProfile } from './profile.ts'
import { getRegister, postRegister } from './register.ts'
import { getSignIn, postSignIn, postSignOut } from './sign-in.ts'
import { postMessage, postRead } from './writing.ts'

/** The pages for browsers; forms work without scripts. */
export const pages = Router()

/** A token opens none: its scopes are those of endpoints. */
pages.use((req, _res, next) => {
  if (req.bearer) delete req.user
  next()
})

pages.get('/', (_req, res) => res.redirect('/wiadomosci'))
pages.get('/logowanie', getSignIn)
pages.post('/logowanie', postSignIn)
pages.post('/wylogowanie', postSignOut)
pages.get('/rejestracja', getRegister)
pages.post('/rejestracja', postRegister)
// Before a conversation, whose address is the wider one.
pages.get('/wiadomosci/osoby', getDirectory)
pages.get('/wiadomosci/osoby/:id', getProfile)
pages.post('/wiadomosci/osoby/:id', postProfile)
pages.get('/wiadomosci/bez-sieci', getShell)
// What other apps share goes to the service worker; without one there is nothing to keep it.
pages.all('/wiadomosci/udostepnij', (_req, res) => res.redirect(303, '/wiadomosci'))
pages.get('/wiadomosci{/:conversation_id}', getConversations)
pages.post('/wiadomosci/:conversation_id', postMessage)
pages.post('/wiadomosci/:conversation_id/przeczytane', postRead)
pages.get('/wiadomosci/:conversation_id/druk', getPrinted)
pages.use(notFoundHandler, answerErrorPage)
