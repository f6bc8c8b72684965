import type { Events } from '../../server/contract/events.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { Place } from '../api.ts'

export const pageSize = 6
const maxChanges = 8
/** The most that a page holds, except that it always has one message. */
const maxBytes = 8
const bytesOf = ({ id }: Message) => (id % 3 ? 1 : id % 2 ? 5 : 10)

function fitting(messages: Message[], maxCount: number): number {
  let bytes = 0
  const beyond = messages.findIndex((message, index) => {
    bytes += bytesOf(message)
    return index > 0 && bytes > maxBytes
  })
  return Math.min(maxCount, beyond < 0 ? messages.length : beyond)
}

type Published = { name: 'new_message' | 'message_updated'; message: Message } | ChangeEvent
type ChangeEvent =
  | { name: 'message_deleted'; event: Events['message_deleted'] }
  | { name: 'reaction'; event: Events['reaction'] }

/** For tests: the server's view of a conversation, and the events it has published. */
export class ModelServer {
  readonly messages: Message[] = []
  readonly published: Published[] = []
  seq = 0
  #id = 0

  send(isMine = false): Message {
    this.#id += 1 + (this.#id % 3)
    const message = {
      ...{ id: this.#id, seq: ++this.seq, kind: 'user', sender_id: isMine ? 1 : 2, reactions: [] },
      ...{ content: `nr ${this.#id}`, is_deleted: false, is_pinned: false },
    } as unknown as Message
    this.messages.push(message)
    this.published.push({ name: 'new_message', message })
    return message
  }

  #change(at: number, more: (message: Message) => Partial<Message>): Message | undefined {
    const index = at % (this.messages.length || 1)
    const message = this.messages[index]
    if (!message) return undefined
    const now = { ...message, ...more(message), seq: ++this.seq }
    this.messages[index] = now
    return now
  }

  edit(at: number): void {
    const message = this.#change(at, ({ content }) => ({ content: `${content}!` }))
    if (message) this.published.push({ name: 'message_updated', message })
  }

  delete(at: number): void {
    const nothing = {
      content: null,
      content_text: null,
      link_preview: null,
      attachments: [],
      mentions: [],
      reactions: [],
    }
    const message = this.#change(at, () => ({ ...nothing, is_deleted: true }))
    const event = { conversation_id: 1, message_id: message?.id ?? 0, seq: this.seq }
    if (message) this.published.push({ name: 'message_deleted', event })
  }

  react(at: number): void {
    const who = { user_id: 1000 + this.seq, user_name: '', emoji: '👍' }
    const message = this.#change(at, ({ reactions, id }) => ({
      reactions: [...reactions, { ...who, id: 0, message_id: id, created_at: '' }],
    }))
    const event = { conversation_id: 1, message_id: message?.id ?? 0, seq: this.seq, ...who }
    if (message) this.published.push({ name: 'reaction', event: { ...event, action: 'add' } })
  }

  /** Takes a `seq` that belongs to no message. */
  rename(): void {
    this.seq++
  }

  page({ before_id, after_id, around_id, limit = pageSize }: Place): MessagePage {
    const { seq } = this
    const before = (id: number, most: number) => {
      const found = this.messages.filter((message) => message.id < id).toReversed()
      const page = found.slice(0, fitting(found, most))
      return { messages: page.toReversed(), has_more: found.length > page.length }
    }
    const after = (id: number, most: number) => {
      const found = this.messages.filter((message) => message.id > id)
      const page = found.slice(0, fitting(found, most))
      return { messages: page, has_more: found.length > page.length }
    }
    if (after_id) return { ...after(after_id, limit), next_cursor: null, seq }
    if (!around_id) {
      const newest = before(before_id ?? Number.POSITIVE_INFINITY, limit)
      return { ...newest, ...(!before_id && { has_newer: false }), next_cursor: null, seq }
    }
    const older = before(around_id, Math.floor(limit / 2))
    const newer = after(around_id - 1, limit - older.messages.length)
    const messages = [...older.messages, ...newer.messages]
    return { messages, has_more: older.has_more, has_newer: newer.has_more, next_cursor: null, seq }
  }

  changes(afterSeq: number) {
    const changed = this.messages.filter(({ seq }) => seq > afterSeq).toSorted((a, b) => a.seq - b.seq)
    const messages = changed.slice(0, fitting(changed, maxChanges))
    const has_more = changed.length > messages.length
    return { messages, has_more, seq: has_more ? messages.at(-1)!.seq : this.seq, conversation: {} as never }
  }
}
