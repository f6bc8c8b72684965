import { Router, urlencoded } from 'express'
import { getConversations } from './conversations.ts'
import { getRegister, postRegister } from './register.ts'
import { getSignIn, postSignIn, postSignOut } from './sign-in.ts'

/** The pages people open in a browser; each works without its scripts as far as a form can. */
export const pages = Router()

const form = urlencoded({ extended: false, limit: '16kb' })

pages.get('/', (_req, res) => res.redirect('/wiadomosci'))
pages.get('/logowanie', getSignIn)
pages.post('/logowanie', form, postSignIn)
pages.post('/wylogowanie', postSignOut)
pages.get('/rejestracja', getRegister)
pages.post('/rejestracja', form, postRegister)
pages.get('/wiadomosci{/:conversation_id}', getConversations)
