/** What is known to be there, by its kind: ids, and what else a request may name. */
export type Kind = 'conversation' | 'message' | 'scheduled' | 'attachment' | 'user' | 'preview'

const maxRecent = 30

/** Ids and cursors that answers have held, so that requests name real things. */
export class Pool {
  readonly #known = new Map<string, (number | string)[]>()
  readonly #kept = new Map<string, (number | string)[]>()

  of = (kind: string): readonly (number | string)[] => [...this.recent(kind), ...(this.#kept.get(kind) ?? [])]
  recent = (kind: string): readonly (number | string)[] => this.#known.get(kind) ?? []

  /** Does not make room for what comes later. */
  keep(kind: string, value: number | string): void {
    this.#kept.set(kind, [...(this.#kept.get(kind) ?? []), value])
  }

  add(kind: string, value: number | string): void {
    const known = this.#known.get(kind) ?? []
    this.#known.set(kind, known)
    if (known.includes(value)) return
    known.push(value)
    if (known.length > maxRecent) known.shift()
  }

  /** Keeps what an answer names. @param operation whose cursors its are */
  harvest(body: unknown, operation: string): void {
    if (typeof body !== 'object' || body === null) return
    const kind = kindOfObject(body)
    if (kind && 'id' in body && typeof body.id === 'number') this.add(kind, body.id)
    if ('next_cursor' in body && body.next_cursor)
      this.add(`cursor of ${operation}`, body.next_cursor as string)
    for (const value of Object.values(body)) this.harvest(value, operation)
  }
}

/** By the fields that only it has. */
function kindOfObject(body: object): Kind | undefined {
  if ('send_at' in body) return 'scheduled'
  if ('sender_id' in body || 'author_id' in body) return 'message'
  if ('is_group' in body) return 'conversation'
  if ('mime_type' in body) return 'attachment'
  return 'username' in body ? 'user' : undefined
}

const byName: [RegExp, Kind][] = [
  [/^(?:conversation|chat)_ids?$/, 'conversation'],
  [/^(?:message|before|after|around|reply_to|stars_from)_id$|^last_event_id$/, 'message'],
  [/^attachment_ids$/, 'attachment'],
  [/^(?:user|member|participant|sender)_ids?$|^ids$/, 'user'],
]
const byPath: [RegExp, Kind][] = [
  [/scheduled\/\{id\}/, 'scheduled'],
  [/(?:conversations|chats)\/\{id\}/, 'conversation'],
  [/attachments\/\{id\}/, 'attachment'],
  [/users\/\{id\}/, 'user'],
  [/messages\/\{id\}/, 'message'],
]

/** Of what kind the thing is that a field or parameter names. @param path of the operation, for what is named `id` there */
export const kindOfField = (name: string, path: string): Kind | undefined =>
  (name === 'id' ? byPath.find(([at]) => at.test(path)) : byName.find(([named]) => named.test(name)))?.[1]
