import type { Request, RequestHandler } from 'express'
import type { z } from 'zod'
import { countCharacters } from '../../views/messages/length.ts'
import { paragraphs } from '../../views/messages/paragraphs.ts'
import type { RefusedForm } from '../../views/templates.ts'
import { idText } from '../contract/fields.ts'
import { limits } from '../contract/limits.ts'
import { NewMessageBody } from '../contract/messages.ts'
import { markRead } from '../messages/read.ts'
import { sendMessage } from '../messages/send.ts'
import { spend } from '../web/limits.ts'
import { invalid, notFound } from '../web/problem.ts'
import { showConversations } from './conversations.ts'
import { signInFor } from './next.ts'
import { problemOf } from './sign-in.ts'

const Form = NewMessageBody.pick({ content: true, client_id: true })

/** POST /wiadomosci/:conversation_id – what the composer sends without scripts. The same form again sends nothing anew. */
export const postMessage: RequestHandler = async (req, res) => {
  const conversation = idOf(req.params)
  const path = `/wiadomosci/${conversation}`
  if (!req.user) return res.redirect(303, signInFor(path))
  const { user } = req
  const { content, client_id } = formIn(req.body)
  if (!content.trim()) return res.redirect(303, path)
  const problem = await problemOf(
    spend('send', user.id).then(() =>
      sendMessage(user, conversation, { content: paragraphs(content), client_id }),
    ),
  )
  if (!problem) return res.redirect(303, path)
  if (problem.status === 404) throw problem
  res.status(problem.status)
  if (problem.retryAfter) res.set('Retry-After', String(problem.retryAfter))
  await showConversations(req, res, user, { content, error: reasonOf(problem.status, content) })
}

/** POST /wiadomosci/:conversation_id/przeczytane – all of it, for who reads without scripts. */
export const postRead: RequestHandler = async (req, res) => {
  const conversation = idOf(req.params)
  if (req.user) await markRead(req.user.id, conversation)
  res.redirect(303, `/wiadomosci/${conversation}`)
}

function formIn(body: unknown): z.output<typeof Form> {
  const form = Form.safeParse(body ?? {})
  if (!form.success) throw invalid('The form is not one of ours.')
  return form.data
}

function idOf({ conversation_id }: Request['params']): number {
  const id = idText.safeParse(conversation_id)
  if (!id.success) throw notFound()
  return id.data
}

function reasonOf(status: number, content: string): RefusedForm['error'] {
  if (status === 429) return 'error.too_fast'
  return countCharacters(content) > limits.messageCharacters ? 'refused.too_long' : 'refused.other'
}
