import type {
  Conversation,
  ConversationPage,
  Message,
  MessagePage,
  Problem as ProblemBody,
  User,
} from '../server/live/events.ts'

export type Filter = 'all' | 'unread' | 'groups'

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

interface Options {
  body?: object
  signal?: AbortSignal
}

async function request<Answer>(
  method: string,
  path: string,
  { body, signal }: Options = {},
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error
    throw new Problem(0, {})
  })
  if (response.status === 401) leaveToSignIn()
  const answer = response.status === 204 ? undefined : await response.json().catch(() => ({}))
  if (response.ok) return answer as Answer
  throw new Problem(response.status, answer, Number(response.headers.get('Retry-After')))
}

function leaveToSignIn(): void {
  location.assign(`/logowanie?next=${encodeURIComponent(location.pathname)}`)
}

function query(values: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

export const api = {
  /** Rejects, and leads to the sign-in page, when the session is over. */
  me: () => request<object>('GET', '/api/users/me'),
  users: (text: string, signal: AbortSignal) =>
    request<{ users: User[] }>('GET', `/api/users?${query({ query: text, limit: 20 })}`, { signal }),
  conversations: (filter: Filter, cursor?: string | null) =>
    request<ConversationPage>('GET', `/api/conversations?${query({ filter, cursor, limit: 30 })}`),
  conversation: (id: number, signal?: AbortSignal) =>
    request<{ conversation: Conversation }>('GET', `/api/conversations/${id}`, signal ? { signal } : {}),
  startDirect: (user_id: number) =>
    request<{ conversation: Conversation }>('POST', '/api/conversations', { body: { user_id } }),
  startGroup: (name: string, member_ids: number[]) =>
    request<{ conversation: Conversation }>('POST', '/api/conversations', { body: { name, member_ids } }),
  messages: (
    id: number,
    place: { before_id?: number; after_id?: number; limit?: number } = {},
    signal?: AbortSignal,
  ) =>
    request<MessagePage>(
      'GET',
      `/api/conversations/${id}/messages?${query({ limit: 50, ...place })}`,
      signal ? { signal } : {},
    ),
  send: (id: number, body: { content: string; client_id: string }) =>
    request<{ message: Message }>('POST', `/api/conversations/${id}/messages`, { body }),
  read: (id: number, message_id: number) =>
    request<void>('POST', `/api/conversations/${id}/read`, { body: { message_id } }),
}
