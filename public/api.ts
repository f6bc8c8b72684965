import type { Filter } from '../server/contract/conversations.ts'
import { limits } from '../server/contract/limits.ts'
import type { Pin } from '../server/contract/pins.ts'
import { ask, type Question, read } from './http.ts'

/** Which of the reader's conversations; `query` is a piece of the title, or empty. */
export interface Choice {
  filter: Filter
  query: string
}

export interface Place {
  before_id?: number
  after_id?: number
  around_id?: number
  limit?: number
}

type Body<Name extends Parameters<typeof ask>[0]> = Question<Name>['body']

/** Everything the page asks the server for. */
export const api = {
  /** Rejects, and leads to the sign-in page, when the session is over. */
  me: () => read('GET /api/users/me', {}),
  saveSettings: (body: Body<'PATCH /api/users/me/settings'>) => ask('PATCH /api/users/me/settings', { body }),
  presences: (ids: number[]) => read('GET /api/users/presence', { query: { ids: ids.join() } }),
  heartbeat: (is_active: boolean) => ask('POST /api/presence/heartbeat', { body: { is_active } }),
  user: (id: number, signal: AbortSignal) => read('GET /api/users/:id', { params: { id }, signal }),
  users: (query: string, cursor: string | null, signal: AbortSignal) =>
    read('GET /api/users', { query: { query, cursor }, signal }),
  conversations: (
    { filter, query }: Choice,
    cursor?: string | null,
    limit: number = limits.conversationPage,
  ) => read('GET /api/conversations', { query: { filter, query: query || null, cursor, limit } }),
  conversation: (id: number, signal?: AbortSignal) =>
    read('GET /api/conversations/:id', { params: { id }, signal }),
  startDirect: (user_id: number) => ask('POST /api/conversations', { body: { user_id } }),
  startGroup: (name: string, member_ids: number[]) =>
    ask('POST /api/conversations', { body: { name, member_ids } }),
  rename: (id: number, body: Body<'PATCH /api/conversations/:id'>) =>
    ask('PATCH /api/conversations/:id', { params: { id }, body }),
  setOwn: (id: number, body: Body<'PATCH /api/conversations/:id/settings'>) =>
    ask('PATCH /api/conversations/:id/settings', { params: { id }, body }),
  deleteConversation: (id: number) => ask('DELETE /api/conversations/:id', { params: { id } }),
  addMembers: (id: number, user_ids: number[]) =>
    ask('POST /api/conversations/:id/members', { params: { id }, body: { user_ids } }),
  removeMember: (id: number, user_id: number) =>
    ask('DELETE /api/conversations/:id/members/:user_id', { params: { id, user_id } }),
  messages: (id: number, place: Place = {}, signal?: AbortSignal) =>
    read('GET /api/conversations/:id/messages', {
      params: { id },
      query: { limit: limits.messagePage, ...place },
      signal,
    }),
  changes: (id: number, after_seq: number, signal: AbortSignal) =>
    read('GET /api/conversations/:id/changes', { params: { id }, query: { after_seq }, signal }),
  /** All of them. */
  async pins(id: number, signal?: AbortSignal): Promise<{ pins: Pin[] }> {
    const pins: Pin[] = []
    let cursor: number | null = null
    do {
      const page: { pins: Pin[]; next_cursor: number | null } = await read(
        'GET /api/conversations/:id/pins',
        { params: { id }, query: { cursor }, signal },
      )
      pins.push(...page.pins)
      cursor = page.next_cursor
    } while (cursor)
    return { pins }
  },
  send: (id: number, body: Body<'POST /api/conversations/:id/messages'>) =>
    ask('POST /api/conversations/:id/messages', { params: { id }, body }),
  read: (id: number, message_id: number) =>
    ask('POST /api/conversations/:id/read', { params: { id }, body: { message_id } }),
  typing: (id: number, is_typing: boolean) =>
    ask('POST /api/conversations/:id/typing', { params: { id }, body: { is_typing } }),
  edit: (id: number, content: string) =>
    ask('PATCH /api/messages/:id', { params: { id }, body: { content } }),
  delete: (id: number) => ask('DELETE /api/messages/:id', { params: { id } }),
  removePreview: (id: number) => ask('DELETE /api/messages/:id/preview', { params: { id } }),
  forward: (id: number, conversation_ids: number[]) =>
    ask('POST /api/messages/:id/forward', { params: { id }, body: { conversation_ids } }),
  react: (id: number, emoji: string) =>
    ask('POST /api/messages/:id/reactions', { params: { id }, body: { emoji } }),
  unreact: (id: number, emoji: string) =>
    ask('DELETE /api/messages/:id/reactions/:emoji', { params: { id, emoji } }),
  pin: (id: number) => ask('POST /api/messages/:id/pin', { params: { id } }),
  unpin: (id: number) => ask('DELETE /api/messages/:id/pin', { params: { id } }),
}
