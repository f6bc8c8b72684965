import type { Attachment, Message, Reply } from '../../server/live/events.ts'
import type { Shown } from '../../views/messages/arrange.ts'
import { api, Problem } from '../api.ts'
import type { Draft } from '../composer/drafts.ts'
import { page } from '../page.ts'
import { uuid } from '../uuid.ts'

interface Outgoing {
  client_id: string
  conversation_id: number
  html: string
  text: string
  reply?: Reply
  attachments?: Attachment[]
  created_at: string
  state: 'sending' | 'failed'
}

/** Characters of text the server takes. */
const MOST = 20_000

// One key a message, so that two tabs do not overwrite each other's; and of this member only.
const PREFIX = `rozmowa.outbox.${page.me.id}.`
const LONGEST_WAIT = 30_000

/**
 * What is on its way. It outlives a reload, goes out in order, one at a time a conversation, and is tried again
 * until the server answers: the `client_id` makes sure that it arrives once.
 */
export class Outbox {
  onChange: (conversationId: number) => void = () => {}
  onSent: (message: Message) => void = () => {}
  #waiting: Outgoing[] = kept()
  #busy = new Set<number>()
  #wake = new Set<() => void>()

  constructor() {
    addEventListener('online', () => this.hurry())
  }

  /** Sends what an earlier page left behind. */
  start(): void {
    for (const { conversation_id } of this.#waiting) void this.#run(conversation_id)
  }

  send(conversation_id: number, { html, text, reply, attachments }: Draft, after: string | undefined): void {
    const now = new Date().toISOString()
    // A clock that is behind must not sort the new message above the last one.
    const created_at = after && after > now ? after : now
    const client_id = uuid()
    const more = { ...(reply && { reply }), ...(attachments && { attachments }) }
    const entry: Outgoing = { client_id, conversation_id, html, text, ...more, created_at, state: 'sending' }
    this.#waiting.push(entry)
    this.#changed(entry)
    void this.#run(conversation_id)
  }

  retry(client_id: string): void {
    const entry = this.#find(client_id)
    if (!entry) return
    entry.state = 'sending'
    this.#changed(entry)
    void this.#run(entry.conversation_id)
  }

  /** Takes it out: discarded, or heard of on the stream before the answer came. */
  remove(client_id: string | null): void {
    const entry = client_id && this.#find(client_id)
    if (!entry) return
    this.#drop(entry)
    this.onChange(entry.conversation_id)
  }

  /** Tries again at once what waits for its next attempt. */
  hurry(): void {
    for (const wake of this.#wake) wake()
  }

  /** Those of a conversation, in the shape that the log draws. */
  of(conversationId: number): Shown[] {
    return this.#waiting.filter((each) => each.conversation_id === conversationId).map(shown)
  }

  async #run(conversationId: number): Promise<void> {
    if (this.#busy.has(conversationId)) return
    this.#busy.add(conversationId)
    const next = () =>
      this.#waiting.find((each) => each.conversation_id === conversationId && each.state === 'sending')
    for (let entry = next(), failures = 0; entry; entry = next()) {
      const wait = await this.#attempt(entry, failures)
      failures = wait ? failures + 1 : 0
      if (wait) await this.#pause(wait)
    }
    this.#busy.delete(conversationId)
  }

  /** @returns milliseconds to wait before the next attempt, 0 when this one is settled */
  async #attempt(entry: Outgoing, failures: number): Promise<number> {
    try {
      const { message } = await api.send(entry.conversation_id, bodyOf(entry))
      this.#drop(entry)
      this.onSent(message)
      return 0
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, {})
      if (problem.passing)
        return Math.max(problem.retryAfter * 1000, Math.min(500 * 2 ** failures, LONGEST_WAIT))
      entry.state = 'failed'
      this.#changed(entry)
      return 0
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#wake.delete(done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      this.#wake.add(done)
    })
  }

  #find(client_id: string): Outgoing | undefined {
    return this.#waiting.find((each) => each.client_id === client_id)
  }

  #changed(entry: Outgoing): void {
    try {
      localStorage.setItem(PREFIX + entry.client_id, JSON.stringify(entry))
    } catch {
      // A full or forbidden store: it is kept in memory at least.
    }
    this.onChange(entry.conversation_id)
  }

  #drop(entry: Outgoing): void {
    this.#waiting = this.#waiting.filter((each) => each !== entry)
    localStorage.removeItem(PREFIX + entry.client_id)
  }
}

const bodyOf = ({ client_id, html, text, reply, attachments }: Outgoing) => ({
  content: text.trim() ? html : '',
  client_id,
  ...(reply && { reply_to_id: reply.id }),
  ...(attachments && { attachment_ids: attachments.map((attachment) => attachment.id) }),
})

function kept(): Outgoing[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
    const entries = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? '') as Outgoing)
    return entries.sort((a, b) => a.created_at.localeCompare(b.created_at))
  } catch {
    return []
  }
}

function shown(entry: Outgoing): Shown {
  const { client_id, conversation_id, html, text, reply, attachments, created_at, state } = entry
  return {
    id: 0,
    conversation_id,
    seq: 0,
    kind: 'user',
    client_id,
    sender_id: page.me.id,
    sender: page.me,
    content: text.trim() ? html : '',
    content_text: text,
    reply_to_id: reply?.id ?? null,
    reply_to: reply ?? null,
    forwarded_from: null,
    edited_at: null,
    is_deleted: false,
    deleted_at: null,
    is_pinned: false,
    link_preview: null,
    attachments: attachments ?? [],
    reactions: [],
    created_at,
    outgoing: state,
    tooLong: text.length > MOST,
  }
}
