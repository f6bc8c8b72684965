import type { Filter } from '../server/contract/conversations.ts'
import type { Otherwise } from '../server/contract/endpoints.ts'
import { limits } from '../server/contract/limits.ts'
import type { Pin } from '../server/contract/pins.ts'
import type { SharedKind } from '../server/contract/shared.ts'
import { type RequestOptions, request, requestWithRetry } from './http.ts'

/** Which list of conversations; `query` is part of a title, or empty. */
export interface Choice {
  filter: Filter
  query: string
}

export interface Place {
  before_id?: number
  after_id?: number
  around_id?: number
  /** ISO 8601 in UTC. */
  at?: string
  limit?: number
}

/** What a search looks for in messages; what is null narrows nothing. */
export interface Sought {
  q: string
  kind: 'messages' | 'files' | 'links'
  conversation_id: number | null
  sender_id: number | null
  /** ISO 8601: the first moment that counts, and the first after it that does not. */
  since: string | null
  until: string | null
}

/** For what only a late part of the page asks. */
export { request } from './http.ts'

type Body<Name extends Parameters<typeof request>[0]> = RequestOptions<Name>['body']

export const api = {
  /** Rejects, and goes to the sign-in page, when the session has ended. */
  me: () => requestWithRetry('GET /api/users/me', {}),
  saveSettings: (body: Body<'PATCH /api/users/me/settings'>) =>
    request('PATCH /api/users/me/settings', { body }),
  presences: (ids: number[]) => requestWithRetry('GET /api/users/presence', { query: { ids: ids.join() } }),
  heartbeat: (is_active: boolean) => request('POST /api/presence/heartbeat', { body: { is_active } }),
  user: (id: number, signal: AbortSignal) =>
    requestWithRetry('GET /api/users/:id', { params: { id }, signal }),
  users: (query: string, cursor: string | null, signal: AbortSignal) =>
    requestWithRetry('GET /api/users', { query: { query, cursor }, signal }),
  conversations: (
    { filter, query }: Choice,
    cursor?: string | null,
    limit: number = limits.conversationPage,
  ) => requestWithRetry('GET /api/conversations', { query: { filter, query: query || null, cursor, limit } }),
  conversation: (id: number, signal?: AbortSignal) =>
    requestWithRetry('GET /api/conversations/:id', { params: { id }, signal }),
  startDirect: (user_id: number) => request('POST /api/conversations', { body: { user_id } }),
  startGroup: (name: string, member_ids: number[]) =>
    request('POST /api/conversations', { body: { name, member_ids } }),
  rename: (id: number, body: Body<'PATCH /api/conversations/:id'>) =>
    request('PATCH /api/conversations/:id', { params: { id }, body }),
  setOwn: (id: number, body: Body<'PATCH /api/conversations/:id/settings'>) =>
    request('PATCH /api/conversations/:id/settings', { params: { id }, body }),
  deleteConversation: (id: number) => request('DELETE /api/conversations/:id', { params: { id } }),
  addMembers: (id: number, user_ids: number[]) =>
    request('POST /api/conversations/:id/members', { params: { id }, body: { user_ids } }),
  removeMember: (id: number, user_id: number) =>
    request('DELETE /api/conversations/:id/members/:user_id', { params: { id, user_id } }),
  messages: (id: number, place: Place = {}, signal?: AbortSignal) =>
    requestWithRetry('GET /api/conversations/:id/messages', {
      params: { id },
      query: { limit: limits.messagePage, ...place },
      signal,
    }),
  search: (sought: Sought, cursor: string | null, limit: number, signal: AbortSignal) =>
    requestWithRetry('GET /api/search', { query: { ...sought, cursor, limit }, signal }),
  shared: (id: number, kind: SharedKind, cursor: string | null, limit: number, signal: AbortSignal) =>
    requestWithRetry('GET /api/conversations/:id/files', {
      params: { id },
      query: { kind, cursor, limit },
      signal,
    }),
  changes: (
    id: number,
    query: { after_seq: number; stars_from_id?: number | undefined },
    signal: AbortSignal,
  ) => requestWithRetry('GET /api/conversations/:id/changes', { params: { id }, query, signal }),
  /** Every page of them. */
  async pins(id: number, signal?: AbortSignal): Promise<{ pins: Pin[] }> {
    const pins: Pin[] = []
    let cursor: number | null = null
    do {
      const page: { pins: Pin[]; next_cursor: number | null } = await requestWithRetry(
        'GET /api/conversations/:id/pins',
        { params: { id }, query: { cursor }, signal },
      )
      pins.push(...page.pins)
      cursor = page.next_cursor
    } while (cursor)
    return { pins }
  },
  send: (id: number, body: Body<'POST /api/conversations/:id/messages'>) =>
    request('POST /api/conversations/:id/messages', { params: { id }, body }),
  drafts: () => requestWithRetry('GET /api/drafts', {}),
  saveDraft: (id: number, body: Body<'PUT /api/conversations/:id/draft'>, keepalive: boolean) =>
    request('PUT /api/conversations/:id/draft', { params: { id }, body, keepalive }),
  /** A message with `send_at`. */
  schedule: async (id: number, body: Body<'POST /api/conversations/:id/messages'> & { send_at: string }) =>
    (await request('POST /api/conversations/:id/messages', {
      params: { id },
      body,
    })) as unknown as Otherwise<'POST /api/conversations/:id/messages'>,
  scheduled: () => requestWithRetry('GET /api/messages/scheduled', {}),
  reschedule: (id: number, body: Body<'PATCH /api/messages/scheduled/:id'>) =>
    request('PATCH /api/messages/scheduled/:id', { params: { id }, body }),
  cancelScheduled: (id: number) => request('DELETE /api/messages/scheduled/:id', { params: { id } }),
  askPoll: (id: number, body: Body<'POST /api/conversations/:id/polls'>) =>
    request('POST /api/conversations/:id/polls', { params: { id }, body }),
  vote: (id: number, option_ids: number[]) =>
    request('PUT /api/messages/:id/votes', { params: { id }, body: { option_ids } }),
  voters: (id: number) => request('GET /api/messages/:id/voters', { params: { id } }),
  read: (id: number, message_id: number) =>
    request('POST /api/conversations/:id/read', { params: { id }, body: { message_id } }),
  markUnread: (id: number, message_id?: number) =>
    request('POST /api/conversations/:id/unread', { params: { id }, body: { message_id } }),
  readAll: (id: number) => request('POST /api/conversations/:id/read', { params: { id }, body: {} }),
  typing: (id: number, is_typing: boolean) =>
    request('POST /api/conversations/:id/typing', { params: { id }, body: { is_typing } }),
  edit: (id: number, content: string) =>
    request('PATCH /api/messages/:id', { params: { id }, body: { content } }),
  delete: (id: number) => request('DELETE /api/messages/:id', { params: { id } }),
  removePreview: (id: number) => request('DELETE /api/messages/:id/preview', { params: { id } }),
  forward: (id: number, conversation_ids: number[]) =>
    request('POST /api/messages/:id/forward', { params: { id }, body: { conversation_ids } }),
  react: (id: number, emoji: string) =>
    request('POST /api/messages/:id/reactions', { params: { id }, body: { emoji } }),
  unreact: (id: number, emoji: string) =>
    request('DELETE /api/messages/:id/reactions/:emoji', { params: { id, emoji } }),
  pin: (id: number) => request('POST /api/messages/:id/pin', { params: { id } }),
  unpin: (id: number) => request('DELETE /api/messages/:id/pin', { params: { id } }),
  star: (id: number) => request('POST /api/messages/:id/star', { params: { id } }),
  unstar: (id: number) => request('DELETE /api/messages/:id/star', { params: { id } }),
  starred: (cursor: string | null, signal: AbortSignal) =>
    requestWithRetry('GET /api/messages/starred', { query: { cursor }, signal }),
  readers: (id: number, signal: AbortSignal) =>
    requestWithRetry('GET /api/messages/:id/readers', { params: { id }, signal }),
}
