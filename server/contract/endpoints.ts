import { z } from 'zod'
import { Attachment, UploadQuery } from './attachments.ts'
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
import { Draft, DraftBody, DraftPlace } from './drafts.ts'
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
  UnreadBody,
} from './messages.ts'
import { PinPage, PinsQuery } from './pins.ts'
import { PollBody, Voters, VotesBody } from './polls.ts'
import { HeartbeatBody, Presence, PresenceQuery, TypingBody } from './presence.ts'
import { PushEndpoint, PushKey, PushSubscription } from './push.ts'
import { Reaction, ReactionBody, ReactionPath } from './reactions.ts'
import { Readers } from './readers.ts'
import { Scheduled, ScheduledPatch } from './scheduled.ts'
import type { Scope } from './scopes.ts'
import { SearchPage, SearchQuery } from './search.ts'
import { SharedPage, SharedQuery } from './shared.ts'
import { StarredPage, StarredQuery } from './stars.ts'
import { LoginBody, OwnUser, Profile, RegistrationBody, SettingsBody, UserPage, UserSearch } from './users.ts'

/** An endpoint of the JSON API. Its sentence for readers stands in docs/sentences.ts. */
export interface Declaration {
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** The body is no JSON, but multipart with one `file`. */
  upload?: true
  answer?: z.ZodType
  /** What it answers in place of that, where its sentence says when. */
  otherwise?: z.ZodType
  /** The type of an answer that is no JSON: a file, a stream. */
  media?: string
  /** When all is well; by default 200, or 204 without an answer. `found`: 201, or 200 for what was there already. */
  status?: 201 | typeof found
  /** For people who are not signed in, too. */
  open?: true
  /** What a token needs for it, other than `read` for a GET and `write` for the others. */
  scope?: Extract<Scope, 'account'>
}

/** What was there already is found. */
export const found = [201, 200] as const

const own = { answer: z.object({ user: OwnUser }) }
const oneConversation = { answer: z.object({ conversation: Conversation }) }
const oneMessage = { answer: z.object({ message: Message }) }
const oneScheduled = z.object({ scheduled: Scheduled })

/** The statuses with which an endpoint answers when all is well. */
export const statusesOf = ({ status, answer, media }: Declaration): readonly number[] =>
  [status ?? (answer || media ? 200 : 204)].flat()

/** Every endpoint, by method and path: what it takes and what it answers when all is well. Errors are `Problem`s. */
export const endpoints = {
  'POST /api/auth/register': { open: true, body: RegistrationBody, status: 201, ...own },
  'POST /api/auth/login': { open: true, body: LoginBody, ...own },
  'POST /api/auth/logout': {},

  'GET /api/users/me': own,
  'PATCH /api/users/me/settings': { scope: 'account', body: SettingsBody, ...own },
  'GET /api/users': { query: UserSearch, answer: UserPage },
  'GET /api/users/presence': { query: PresenceQuery, answer: z.object({ presences: z.array(Presence) }) },
  'GET /api/users/:id': { params: ById, answer: z.object({ user: Profile }) },
  'POST /api/presence/heartbeat': { body: HeartbeatBody },

  'GET /api/conversations': { query: ListQuery, answer: ConversationPage },
  'POST /api/conversations': { body: NewConversation, status: found, ...oneConversation },
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
  'POST /api/conversations/:id/unread': { params: ById, body: UnreadBody },
  'GET /api/conversations/:id/changes': { params: ById, query: ChangesQuery, answer: Changes },
  'GET /api/conversations/:id/pins': { params: ById, query: PinsQuery, answer: PinPage },
  'GET /api/conversations/:id/files': { params: ById, query: SharedQuery, answer: SharedPage },
  'GET /api/conversations/:id/messages': { params: ById, query: PageQuery, answer: MessagePage },
  'POST /api/conversations/:id/messages': {
    params: ById,
    body: NewMessageBody,
    status: found,
    ...oneMessage,
    otherwise: oneScheduled,
  },
  'GET /api/conversations/:id/draft': { params: ById, answer: Draft },
  'PUT /api/conversations/:id/draft': { params: ById, body: DraftBody, answer: Draft },
  'DELETE /api/conversations/:id/draft': { params: ById },
  'GET /api/drafts': { answer: z.object({ drafts: z.array(DraftPlace) }) },
  'POST /api/conversations/:id/polls': { params: ById, body: PollBody, status: found, ...oneMessage },

  'GET /api/messages/stream': { query: StreamQuery, media: 'text/event-stream' },
  'GET /api/messages/starred': { query: StarredQuery, answer: StarredPage },
  'POST /api/messages/upload': {
    upload: true,
    query: UploadQuery,
    status: 201,
    answer: z.object({ attachment: Attachment }),
  },
  'GET /api/messages/scheduled': { answer: z.object({ scheduled: z.array(Scheduled) }) },
  'PATCH /api/messages/scheduled/:id': { params: ById, body: ScheduledPatch, answer: oneScheduled },
  'DELETE /api/messages/scheduled/:id': { params: ById },
  'PATCH /api/messages/:id': { params: ById, body: EditBody, ...oneMessage },
  'DELETE /api/messages/:id': { params: ById },
  'DELETE /api/messages/:id/preview': { params: ById },
  'POST /api/messages/:id/forward': {
    params: ById,
    body: ForwardBody,
    status: 201,
    answer: z.object({ messages: z.array(Message) }),
  },
  'POST /api/messages/:id/reactions': {
    params: ById,
    body: ReactionBody,
    status: found,
    answer: z.object({ reaction: Reaction }),
  },
  'DELETE /api/messages/:id/reactions/:emoji': { params: ReactionPath },
  'GET /api/messages/:id/voters': { params: ById, answer: Voters },
  'PUT /api/messages/:id/votes': { params: ById, body: VotesBody, ...oneMessage },
  'POST /api/messages/:id/pin': { params: ById },
  'DELETE /api/messages/:id/pin': { params: ById },
  'POST /api/messages/:id/star': { params: ById },
  'DELETE /api/messages/:id/star': { params: ById },
  'GET /api/messages/:id/readers': { params: ById, answer: Readers },

  'GET /api/attachments/:id': { params: ById, media: '*/*' },
  'GET /api/attachments/:id/thumbnail': { params: ById, media: 'image/webp' },
  'GET /api/previews/:name': { params: z.object({ name: z.uuid() }), media: 'image/webp' },

  'GET /api/search': { query: SearchQuery, answer: SearchPage },

  'GET /api/push/key': { answer: PushKey },
  'POST /api/push/subscriptions': { scope: 'account', body: PushSubscription },
  'DELETE /api/push/subscriptions': { scope: 'account', body: PushEndpoint },
} satisfies Record<string, Declaration>

export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints

/** What it answers in place of that. */
export type Otherwise<Name extends EndpointName> = Endpoints[Name] extends {
  otherwise: infer Shape extends z.ZodType
}
  ? z.output<Shape>
  : never

/** What an endpoint answers when all is well. */
export type Answer<Name extends EndpointName> = Endpoints[Name] extends {
  answer: infer Shape extends z.ZodType
}
  ? z.output<Shape>
  : undefined
