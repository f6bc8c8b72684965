import { Router } from 'express'
import { searchUsers } from '../../accounts/search.ts'
import { createGroup, openDirect } from '../../conversations/create.ts'
import { paragraph } from '../../messages/content.ts'
import { deleteMessage } from '../../messages/delete.ts'
import { editMessage } from '../../messages/edit.ts'
import { sendMessage } from '../../messages/send.ts'
import { mount } from '../../web/endpoint.ts'
import { auth } from './auth.ts'
import { chatFor, chatPage } from './chat.ts'
import { endpoints } from './endpoints.ts'
import { meFor } from './me.ts'
import { messageFor, messagesFor } from './message.ts'
import { wholePage } from './page.ts'

/** What clients of Messenger Core ask for: its names over our features. */
export const messengerCore = Router()

messengerCore.use(auth)

/** 201 for a 1:1 that was there already, too: these clients know no other answer. */
mount(
  messengerCore,
  'POST /chats',
  endpoints['POST /chats'],
  { limit: 'gather' },
  async ({ user, body, res }) => {
    const { conversation } =
      'user_id' in body
        ? await openDirect(user.id, body.user_id)
        : await createGroup(user.id, { name: body.name, member_ids: body.participant_ids })
    res.status(201)
    return chatFor(conversation, conversation.members ?? [])
  },
)

/** A list has no room for a cursor: where it goes on is said by a `Link` header, as the web has it (RFC 8288). */
mount(messengerCore, 'GET /chats', endpoints['GET /chats'], {}, async ({ user, query, res }) => {
  const { chats, next } = await chatPage(user.id, query)
  if (next) res.set('Link', `</chats?limit=${query.limit}&cursor=${next}>; rel="next"`)
  return chats
})

mount(
  messengerCore,
  'GET /chats/search',
  endpoints['GET /chats/search'],
  { limit: 'search' },
  async ({ query }) => {
    const { users } = await searchUsers(query)
    return users.map(({ id, username }) => ({ id, username }))
  },
)

mount(
  messengerCore,
  'POST /messages',
  endpoints['POST /messages'],
  { limit: 'send' },
  async ({ user, body, res }) => {
    const { message } = await sendMessage(user, body.chat_id, { content: paragraph(body.content) })
    res.status(201)
    return messageFor(message)
  },
)

/** Newest last. */
mount(messengerCore, 'GET /messages', endpoints['GET /messages'], {}, async ({ user, query }) =>
  messagesFor(await wholePage(user.id, query.chat_id, query)),
)

mount(
  messengerCore,
  'PATCH /messages/:id/edit',
  endpoints['PATCH /messages/:id/edit'],
  { limit: 'change' },
  async ({ user, params, body }) =>
    messageFor(await editMessage(user.id, params.id, paragraph(body.content))),
)

mount(
  messengerCore,
  'DELETE /messages/:id/delete',
  endpoints['DELETE /messages/:id/delete'],
  { limit: 'change' },
  ({ user, params }) => deleteMessage(user.id, params.id),
)

mount(messengerCore, 'GET /users/me', endpoints['GET /users/me'], {}, async ({ user }) => meFor(user))
