import type {
  Conversation,
  ConversationPage,
  Member,
  Message,
  MessagePage,
  OwnUser,
  Pin,
  PinPage,
  Presence,
  Problem as ProblemBody,
  User,
  UserPage,
} from '../server/live/events.ts'
import { retryPause } from './retry.ts'

/** `any` holds the archived ones as well as all others. */
export type Filter = 'all' | 'unread' | 'groups' | 'archived' | 'any'

/** Which of the reader's conversations; `query` is a piece of the title, or empty. */
export interface Choice {
  filter: Filter
  query: string
}

/** A request that did not succeed; status 0 when no answer came at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  /** Seconds the server asks to wait. */
  readonly retryAfter: number

  constructor(status: number, body: Partial<ProblemBody>, retryAfter = 0) {
    super(body.detail ?? 'No answer')
    this.status = status
    this.code = body.code ?? 'network'
    this.retryAfter = retryAfter
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

export interface Place {
  before_id?: number
  after_id?: number
  around_id?: number
  limit?: number
}

interface NewMessage {
  content: string
  client_id: string
  reply_to_id?: number
  attachment_ids?: number[]
}

/** Everything of a conversation that changed after a `seq`. */
interface Changes {
  conversation: Conversation
  messages: Message[]
  seq: number
  has_more: boolean
}

interface Options {
  body?: object
  signal?: AbortSignal
}

/** A server that took the request and fell answers never; then it is tried again. Milliseconds. */
const LONGEST_WAIT = 20_000

async function request<Answer>(
  method: string,
  path: string,
  { body, signal }: Options = {},
): Promise<Answer> {
  const { response, answer } = await fetchAnswer(
    path,
    {
      method,
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    },
    signal,
  )
  if (response.ok) return answer as Answer
  // Not before whoever asked has kept what was written: leaving cuts off the rest.
  if (response.status === 401) setTimeout(leaveToSignIn)
  throw new Problem(response.status, answer ?? {}, Number(response.headers.get('Retry-After')))
}

/** Not by `AbortSignal.any` and `timeout`, which keep every request until its time would have been over. */
async function fetchAnswer(path: string, init: RequestInit, signal: AbortSignal | undefined) {
  const ending = new AbortController()
  const end = () => ending.abort()
  const timer = setTimeout(end, LONGEST_WAIT)
  signal?.addEventListener('abort', end)
  try {
    signal?.throwIfAborted()
    const response = await fetch(path, { ...init, signal: ending.signal })
    return { response, answer: await answerOf(response) }
  } catch {
    signal?.throwIfAborted()
    throw new Problem(0, {})
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

async function answerOf(response: Response): Promise<Partial<ProblemBody> | undefined> {
  if (response.status === 204) return undefined
  // Only of a refusal less than all is enough.
  return response.ok ? response.json() : response.json().catch(() => ({}))
}

/** A read is asked for again, without a word, when the server said that it comes too early. */
async function read<Answer>(path: string, signal = new AbortController().signal): Promise<Answer> {
  for (let failures = 0; ; failures++) {
    try {
      return await request<Answer>('GET', path, { signal })
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 429) throw error
      await retryPause(failures, error.retryAfter, signal)
      signal.throwIfAborted()
    }
  }
}

export function leaveToSignIn(): void {
  location.assign(`/logowanie?next=${encodeURIComponent(location.pathname)}`)
}

function query(values: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

export const api = {
  /** Rejects, and leads to the sign-in page, when the session is over. */
  me: () => read<object>('/api/users/me'),
  saveSettings: (settings: Partial<OwnUser>) =>
    request<{ user: OwnUser }>('PATCH', '/api/users/me/settings', { body: settings }),
  presences: (ids: number[]) =>
    read<{ presences: Presence[] }>(`/api/users/presence?${query({ ids: ids.join() })}`),
  heartbeat: (is_active: boolean) =>
    request<void>('POST', '/api/presence/heartbeat', { body: { is_active } }),
  user: (id: number, signal: AbortSignal) => read<{ user: User }>(`/api/users/${id}`, signal),
  users: (text: string, cursor: string | null, signal: AbortSignal) =>
    read<UserPage>(`/api/users?${query({ query: text, cursor, limit: 20 })}`, signal),
  conversations: (choice: Choice, cursor?: string | null, limit = 30) =>
    read<ConversationPage>(
      `/api/conversations?${query({ ...choice, query: choice.query || null, cursor, limit })}`,
    ),
  conversation: (id: number, signal?: AbortSignal) =>
    read<{ conversation: Conversation }>(`/api/conversations/${id}`, signal),
  startDirect: (user_id: number) =>
    request<{ conversation: Conversation }>('POST', '/api/conversations', { body: { user_id } }),
  startGroup: (name: string, member_ids: number[]) =>
    request<{ conversation: Conversation }>('POST', '/api/conversations', { body: { name, member_ids } }),
  rename: (id: number, wanted: { name?: string; description?: string | null }) =>
    request<{ conversation: Conversation }>('PATCH', `/api/conversations/${id}`, { body: wanted }),
  setOwn: (id: number, settings: { is_muted?: boolean; is_archived?: boolean }) =>
    request<{ conversation: Conversation }>('PATCH', `/api/conversations/${id}/settings`, { body: settings }),
  deleteConversation: (id: number) => request<void>('DELETE', `/api/conversations/${id}`),
  addMembers: (id: number, user_ids: number[]) =>
    request<{ members: Member[] }>('POST', `/api/conversations/${id}/members`, { body: { user_ids } }),
  removeMember: (id: number, userId: number) =>
    request<void>('DELETE', `/api/conversations/${id}/members/${userId}`),
  messages: (id: number, place: Place = {}, signal?: AbortSignal) =>
    read<MessagePage>(`/api/conversations/${id}/messages?${query({ limit: 50, ...place })}`, signal),
  changes: (id: number, after_seq: number, signal: AbortSignal) =>
    read<Changes>(`/api/conversations/${id}/changes?${query({ after_seq })}`, signal),
  /** All of them. */
  async pins(id: number, signal?: AbortSignal): Promise<{ pins: Pin[] }> {
    const pins: Pin[] = []
    let cursor: number | null = null
    do {
      const page: PinPage = await read(`/api/conversations/${id}/pins?${query({ cursor })}`, signal)
      pins.push(...page.pins)
      cursor = page.next_cursor
    } while (cursor)
    return { pins }
  },
  send: (id: number, body: NewMessage) =>
    request<{ message: Message }>('POST', `/api/conversations/${id}/messages`, { body }),
  read: (id: number, message_id: number) =>
    request<void>('POST', `/api/conversations/${id}/read`, { body: { message_id } }),
  typing: (id: number, is_typing: boolean) =>
    request<void>('POST', `/api/conversations/${id}/typing`, { body: { is_typing } }),
  edit: (id: number, content: string) =>
    request<{ message: Message }>('PATCH', `/api/messages/${id}`, { body: { content } }),
  delete: (id: number) => request<void>('DELETE', `/api/messages/${id}`),
  removePreview: (id: number) => request<void>('DELETE', `/api/messages/${id}/preview`),
  forward: (id: number, conversation_ids: number[]) =>
    request<{ messages: Message[] }>('POST', `/api/messages/${id}/forward`, { body: { conversation_ids } }),
  react: (id: number, emoji: string) =>
    request<object>('POST', `/api/messages/${id}/reactions`, { body: { emoji } }),
  unreact: (id: number, emoji: string) =>
    request<void>('DELETE', `/api/messages/${id}/reactions/${encodeURIComponent(emoji)}`),
  pin: (id: number) => request<void>('POST', `/api/messages/${id}/pin`),
  unpin: (id: number) => request<void>('DELETE', `/api/messages/${id}/pin`),
}
