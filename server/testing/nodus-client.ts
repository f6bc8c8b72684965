/** As the changelog of NODUS v2 has it. */
export interface NodusMessage {
  id: number
  chat_id: number
  author_id: number | null
  type: string
  content: string | null
  // biome-ignore lint/suspicious/noExplicitAny: as it stands there
  payload: any | null
  status: 'delivered' | 'read'
  ts: string
  reply_to_id: number | null
  is_deleted: boolean
  deleted_at: string | null
  updated_at: string | null
  reactions: NodusReaction[]
}

interface NodusReaction {
  id: number
  message_id: number
  user_id: number
  emoji: string
  created_at: string
}

interface MessageListResponse {
  messages: NodusMessage[]
  has_more: boolean
  next_cursor: number | null
}

interface UserPresence {
  user_id: number
  status: 'online' | 'offline' | 'away'
  last_seen: string | null
}

interface Typing {
  chat_id: number
  users: { user_id: number; username: string; display_name: string }[]
}

interface Answer<Body> {
  status: number
  body: Body & { detail?: string }
}

/** A client of NODUS v2, written from its documents alone. */
export class NodusClient {
  readonly #address: string
  readonly #headers: Record<string, string>

  /** @param headers that say who it is */
  constructor(address: string, headers: Record<string, string>) {
    this.#address = address
    this.#headers = headers
  }

  async ask<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const isForm = body instanceof FormData
    const answer = await fetch(`${this.#address}/api/v1${path}`, {
      method,
      headers: {
        ...this.#headers,
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  messages = (chat_id: number, page: { limit?: number; before_id?: number } = {}) => {
    const query = new URLSearchParams(Object.entries({ chat_id, ...page }).map(([k, v]) => [k, `${v}`]))
    return this.ask<MessageListResponse>('GET', `/messages?${query}`)
  }
  send = (chat_id: number, content: string, more: object = {}) =>
    this.ask<NodusMessage>('POST', '/messages', { chat_id, content, ...more })
  edit = (id: number, content: string) => this.ask<NodusMessage>('PATCH', `/messages/${id}`, { content })
  remove = (id: number) => this.ask<NodusMessage>('DELETE', `/messages/${id}`)
  forward = (id: number, chat_ids: number[]) =>
    this.ask<{ messages: NodusMessage[] }>('POST', `/messages/${id}/forward`, { chat_ids })
  react = (id: number, emoji: string) =>
    this.ask<NodusReaction>('POST', `/messages/${id}/reactions`, { emoji })
  takeBack = (id: number, emoji: string) =>
    this.ask<undefined>('DELETE', `/messages/${id}/reactions/${encodeURIComponent(emoji)}`)
  type = (chat_id: number, is_typing: boolean) =>
    this.ask<undefined>('POST', '/presence/typing', { chat_id, is_typing })
  typing = (chat_id: number) => this.ask<Typing>('GET', `/presence/typing/${chat_id}`)
  heartbeat = () => this.ask<UserPresence>('POST', '/presence/heartbeat')
  me = () => this.ask<UserPresence>('GET', '/presence/me')
  presence = (user_id: number) => this.ask<UserPresence>('GET', `/presence/${user_id}`)

  // biome-ignore lint/suspicious/noExplicitAny: the documents do not say
  upload(content: string | Uint8Array, name: string): Promise<Answer<any>> {
    const form = new FormData()
    form.set('file', new File([content as Uint8Array<ArrayBuffer>], name))
    return this.ask('POST', '/media', form)
  }
}
