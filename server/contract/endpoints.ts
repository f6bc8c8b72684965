import { z } from 'zod'
import { Attachment } from './attachments.ts'
import {
  Changes,
  Conversation,
  ConversationPage,
  ConversationPatch,
  ListQuery,
  Member,
  MemberPath,
  NewConversation,
  NewMembers,
  OwnSettings,
} from './conversations.ts'
import { StreamQuery } from './events.ts'
import { ById } from './fields.ts'
import {
  ChangesQuery,
  EditBody,
  ForwardBody,
  Message,
  MessagePage,
  NewMessageBody,
  PageQuery,
  ReadBody,
} from './messages.ts'
import { PinPage, PinsQuery } from './pins.ts'
import { HeartbeatBody, Presence, PresenceQuery, TypingBody } from './presence.ts'
import { PushEndpoint, PushKey, PushSubscription } from './push.ts'
import { Reaction, ReactionBody, ReactionPath } from './reactions.ts'
import { LoginBody, OwnUser, RegistrationBody, SettingsBody, User, UserPage, UserSearch } from './users.ts'

/** An endpoint of the JSON API. Without `answer` it answers 204, or with something that is no JSON: a file, a stream. */
export interface Declaration {
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  answer?: z.ZodType
  /** For people who are not signed in, too. */
  open?: true
}

const own = { answer: z.object({ user: OwnUser }) }
const oneConversation = { answer: z.object({ conversation: Conversation }) }
const oneMessage = { answer: z.object({ message: Message }) }

/** Every endpoint, by method and path: what it takes and what it answers when all is well. Errors are `Problem`s. */
export const endpoints = {
  'POST /api/auth/register': { open: true, body: RegistrationBody, ...own },
  'POST /api/auth/login': { open: true, body: LoginBody, ...own },
  'POST /api/auth/logout': {},

  'GET /api/users/me': own,
  'PATCH /api/users/me/settings': { body: SettingsBody, ...own },
  'GET /api/users': { query: UserSearch, answer: UserPage },
  'GET /api/users/presence': { query: PresenceQuery, answer: z.object({ presences: z.array(Presence) }) },
  'GET /api/users/:id': { params: ById, answer: z.object({ user: User }) },
  'POST /api/presence/heartbeat': { body: HeartbeatBody },

  'GET /api/conversations': { query: ListQuery, answer: ConversationPage },
  'POST /api/conversations': { body: NewConversation, ...oneConversation },
  'GET /api/conversations/:id': { params: ById, ...oneConversation },
  'PATCH /api/conversations/:id': { params: ById, body: ConversationPatch, ...oneConversation },
  'DELETE /api/conversations/:id': { params: ById },
  'PATCH /api/conversations/:id/settings': { params: ById, body: OwnSettings, ...oneConversation },
  'POST /api/conversations/:id/members': {
    params: ById,
    body: NewMembers,
    answer: z.object({ members: z.array(Member) }),
  },
  'DELETE /api/conversations/:id/members/:user_id': { params: MemberPath },
  'POST /api/conversations/:id/typing': { params: ById, body: TypingBody },
  'POST /api/conversations/:id/read': { params: ById, body: ReadBody },
  'GET /api/conversations/:id/changes': { params: ById, query: ChangesQuery, answer: Changes },
  'GET /api/conversations/:id/pins': { params: ById, query: PinsQuery, answer: PinPage },
  'GET /api/conversations/:id/messages': { params: ById, query: PageQuery, answer: MessagePage },
  'POST /api/conversations/:id/messages': { params: ById, body: NewMessageBody, ...oneMessage },

  'GET /api/messages/stream': { query: StreamQuery },
  'POST /api/messages/upload': { answer: z.object({ attachment: Attachment }) },
  'PATCH /api/messages/:id': { params: ById, body: EditBody, ...oneMessage },
  'DELETE /api/messages/:id': { params: ById },
  'DELETE /api/messages/:id/preview': { params: ById },
  'POST /api/messages/:id/forward': {
    params: ById,
    body: ForwardBody,
    answer: z.object({ messages: z.array(Message) }),
  },
  'POST /api/messages/:id/reactions': {
    params: ById,
    body: ReactionBody,
    answer: z.object({ reaction: Reaction }),
  },
  'DELETE /api/messages/:id/reactions/:emoji': { params: ReactionPath },
  'POST /api/messages/:id/pin': { params: ById },
  'DELETE /api/messages/:id/pin': { params: ById },

  'GET /api/attachments/:id': { params: ById },
  'GET /api/attachments/:id/thumbnail': { params: ById },
  'GET /api/previews/:name': { params: z.object({ name: z.uuid() }) },

  'GET /api/push/key': { answer: PushKey },
  'POST /api/push/subscriptions': { body: PushSubscription },
  'DELETE /api/push/subscriptions': { body: PushEndpoint },
} satisfies Record<string, Declaration>

export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints

/** What an endpoint answers when all is well. */
export type Answer<Name extends EndpointName> = Endpoints[Name] extends {
  answer: infer Shape extends z.ZodType
}
  ? z.output<Shape>
  : undefined
