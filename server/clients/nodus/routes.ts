import { Router } from 'express'
import { leaveBody } from '../../attachments/leave-body.ts'
import { upload } from '../../attachments/upload.ts'
import type { Presence } from '../../contract/presence.ts'
import { paragraph } from '../../messages/content.ts'
import { deleteMessage } from '../../messages/delete.ts'
import { editMessage } from '../../messages/edit.ts'
import { forwardMessage } from '../../messages/forward.ts'
import { sendMessage } from '../../messages/send.ts'
import { messagePage, messagesById } from '../../messages/store.ts'
import { beat } from '../../presence/activity.ts'
import { presenceOf } from '../../presence/presences.ts'
import { addReaction, removeReaction } from '../../reactions/react.ts'
import { searchMessages } from '../../search/search.ts'
import { findTyping, setTyping } from '../../typing/typing.ts'
import { mount } from '../../web/endpoint.ts'
import { notFound } from '../../web/problem.ts'
import { durations } from './durations.ts'
import { endpoints } from './endpoints.ts'
import { messageFor, messagesFor, reactionFor } from './message.ts'

/** For clients of NODUS v2: a chat is a conversation, its content plain text. */
export const nodus = Router()

const declared = <Name extends keyof typeof endpoints>(name: Name) => [name, endpoints[name]] as const

mount(nodus, ...declared('GET /api/v1/messages'), {}, async ({ user, query: { chat_id, ...place } }) => {
  const { messages, has_more, next_cursor } = await messagePage(user.id, chat_id, place)
  return { messages: await messagesFor(messages), has_more, next_cursor }
})

mount(nodus, ...declared('POST /api/v1/messages'), { limit: 'send' }, async ({ user, body, res }) => {
  const { message } = await sendMessage(user, body.chat_id, {
    content: paragraph(body.content ?? ''),
    attachment_ids: body.payload?.attachment_ids,
    reply_to_id: body.reply_to_id ?? undefined,
  })
  res.status(201)
  return messageFor(message)
})

mount(nodus, ...declared('PATCH /api/v1/messages/:id'), { limit: 'change' }, async ({ user, params, body }) =>
  messageFor(await editMessage(user.id, params.id, paragraph(body.content))),
)

/** Answers with the message as it is now, empty. */
mount(nodus, ...declared('DELETE /api/v1/messages/:id'), { limit: 'change' }, async ({ user, params }) => {
  await deleteMessage(user.id, params.id)
  const deleted = (await messagesById([params.id])).get(params.id)
  // A backup may have been restored meanwhile.
  if (!deleted) throw notFound()
  return messageFor(deleted)
})

mount(nodus, ...declared('POST /api/v1/messages/:id/forward'), {}, async ({ user, params, body, res }) => {
  const forwarded = await forwardMessage(user.id, params.id, body.chat_ids)
  res.status(201)
  return { messages: await messagesFor(forwarded) }
})

/** 201 with the reaction; 200 when it was there already. */
mount(
  nodus,
  ...declared('POST /api/v1/messages/:id/reactions'),
  { limit: 'change' },
  async ({ user, params, body, res }) => {
    const { reaction, isNew } = await addReaction(user, params.id, body.emoji)
    res.status(isNew ? 201 : 200)
    return reactionFor(reaction)
  },
)

mount(
  nodus,
  ...declared('DELETE /api/v1/messages/:id/reactions/:emoji'),
  { limit: 'change' },
  ({ user, params }) => removeReaction(user, params.id, params.emoji),
)

nodus.post('/api/v1/media', leaveBody)

/** Multipart with one `file`; 201 with the attachment, whose id a message's payload may then name. */
mount(nodus, ...declared('POST /api/v1/media'), { limit: 'upload' }, async ({ user, req, res }) => {
  const attachment = await upload(user.id, req)
  res.status(201)
  return attachment
})

mount(nodus, ...declared('POST /api/v1/presence/typing'), { limit: 'typing' }, ({ user, body }) =>
  setTyping(user, body.chat_id, body.is_typing, durations.typing),
)

mount(
  nodus,
  ...declared('GET /api/v1/search'),
  { limit: 'search' },
  async ({ user, query: { chat_id, ...query } }) => {
    const page = await searchMessages(user.id, { ...query, conversation_id: chat_id })
    const messages = await messagesFor(page.results.map(({ message }) => message))
    const results = page.results.map(({ excerpt }, i) => ({ message: messages[i]!, excerpt }))
    return { ...page, results }
  },
)

/** The others who are typing. */
mount(nodus, ...declared('GET /api/v1/presence/typing/:chat_id'), {}, async ({ user, params }) => {
  const typists = await findTyping(user.id, params.chat_id)
  const users = typists.map(({ user_id, username, display_name }) => ({ user_id, username, display_name }))
  return { chat_id: params.chat_id, users }
})

/** One for all of a user's clients: a stream of theirs that ends takes nothing of it along. */
const session = 'nodus'

mount(nodus, ...declared('POST /api/v1/presence/heartbeat'), {}, async ({ user }) => {
  await beat(user.id, session, true, durations.presence)
  return toPresence(await presenceOf(user.id, user.id))
})

mount(nodus, ...declared('GET /api/v1/presence/me'), {}, async ({ user }) =>
  toPresence(await presenceOf(user.id, user.id)),
)

/** Of people who share a conversation with the caller. */
mount(nodus, ...declared('GET /api/v1/presence/:user_id'), {}, async ({ user, params }) =>
  toPresence(await presenceOf(user.id, params.user_id)),
)

const toPresence = ({ user_id, status, last_seen }: Presence) => ({ user_id, status, last_seen })
