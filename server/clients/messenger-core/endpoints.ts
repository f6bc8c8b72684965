import { z } from 'zod'
import { tidy } from '../../../views/people/names.ts'
import { listCursorText, NewGroup } from '../../contract/conversations.ts'
import type { Declaration } from '../../contract/endpoints.ts'
import { ById, idNumber, idText, pageLimit, searched, text, time } from '../../contract/fields.ts'
import { limits } from '../../contract/limits.ts'
import { Scope, scopeText } from '../../contract/scopes.ts'
import { LoginBody, RegistrationBody } from '../../contract/users.ts'
import { SocketQuery } from '../../web/sockets.ts'

/** Somebody as others see them. */
const Person = z.object({ id: idNumber, username: z.string() })

const Me = Person.extend({ email: z.string(), is_active: z.literal(true), created_at: time })
export type Me = z.infer<typeof Me>

const Tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  /** Of the access token. Seconds. */
  expires_in: z.int(),
})

/** `scope` is OAuth's: which of `read`, `write` and `account` the tokens are for. */
const secret = { password: LoginBody.shape.password, scope: scopeText.default(Scope.options) }
const username = text.pipe(z.string().max(limits.emailCharacters)).transform(tidy)
const Login = z.union(
  [z.object({ email: LoginBody.shape.email, ...secret }), z.object({ username, ...secret })],
  { error: 'must be {email, password} or {username, password}' },
)

const Refresh = z.object({ refresh_token: z.string().max(2000) })

const Chat = z.object({
  id: idNumber,
  /** Of a group. */
  name: z.string().nullable(),
  is_group: z.boolean(),
  participants: z.array(Person),
  created_at: time,
})
export type Chat = z.infer<typeof Chat>

const NewChat = z.union(
  [
    z.object({ user_id: idNumber }),
    z.object({ name: NewGroup.shape.name, participant_ids: NewGroup.shape.member_ids }),
  ],
  { error: 'must be {user_id} or {name, participant_ids}' },
)

export const Message = z.object({
  id: idNumber,
  chat_id: idNumber,
  sender_id: idNumber,
  /** As plain text; `null` once deleted. */
  content: z.string().nullable(),
  created_at: time,
  /** When everybody else had got it, and read it; `null` until then, and always in large groups. */
  delivered_at: time.nullable(),
  read_at: time.nullable(),
  is_delete: z.boolean(),
})
export type Message = z.infer<typeof Message>

const content = text

/** The endpoints of Messenger Core, by method and path. */
export const endpoints = {
  'POST /auth/register': {
    open: true,
    body: RegistrationBody.omit({ display_name: true }),
    status: 201,
    answer: Me,
  },
  'POST /auth/login': { open: true, body: Login, answer: Tokens },
  'POST /auth/refresh': { open: true, body: Refresh, answer: Tokens },
  'POST /auth/logout': { open: true, body: Refresh },

  'POST /chats': { body: NewChat, status: 201, answer: Chat },
  'GET /chats': {
    query: z.object({ limit: pageLimit(limits.maxPage), cursor: listCursorText.optional() }),
    answer: z.array(Chat),
  },
  'GET /chats/search': {
    query: z.object({ query: searched, limit: pageLimit(limits.userPage) }),
    answer: z.array(Person),
  },

  'POST /messages': { body: z.object({ chat_id: idNumber, content }), status: 201, answer: Message },
  'GET /messages': {
    query: z.object({ chat_id: idText, limit: pageLimit(limits.messagePage), before_id: idText.optional() }),
    answer: z.array(Message),
  },
  'PATCH /messages/:id/edit': { params: ById, body: z.object({ content }), answer: Message },
  'DELETE /messages/:id/delete': { params: ById },

  'GET /users/me': { answer: Me },

  'GET /ws': { query: SocketQuery },
} satisfies Record<string, Declaration>
