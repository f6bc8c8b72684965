import type { Message } from '../../server/contract/messages.ts'
import type { Shown } from '../../views/messages/arrange.ts'
import { api } from '../api.ts'
import { contentOf, type Draft } from '../composer/drafts.ts'
import { Problem } from '../http.ts'
import { uuid } from '../uuid.ts'
import {
  bodyOf,
  draftOf,
  type Outgoing,
  refusalOf,
  removeStored,
  shown,
  store,
  storedEntries,
} from './outgoing.ts'

const maxWaitMs = 30_000

/**
 * Messages and edits on their way to the server. They survive a reload, are sent in order, one at a time for each
 * conversation, and are retried until the server answers; by the `client_id` they arrive once. Refused ones go back to
 * the writer.
 */
export class Outbox {
  onChange: (conversationId: number) => void = () => {}
  onSent: (message: Message) => void = () => {}
  onEdited: (message: Message) => void = () => {}
  /** Refused for good; `edits` is the message it was meant to change. */
  onRefused: (entry: Outgoing, edits: Message | undefined) => void = () => {}
  #waiting: Outgoing[] = storedEntries()
  #busy = new Set<number>()
  #wake = new Set<() => void>()

  constructor() {
    addEventListener('online', () => this.retryNow())
  }

  start(): void {
    for (const { conversation_id } of this.#waiting) void this.#run(conversation_id)
  }

  /** @param after the time of the last message: with a slow clock the new one must not sort above it */
  send(conversationId: number, draft: Draft, after: string | undefined): void {
    this.#add(conversationId, draft, 'sending', after)
    void this.#run(conversationId)
  }

  /** Adds a draft that is not to be sent now, as one that failed. */
  addFailed(conversationId: number, draft: Draft): void {
    this.#add(conversationId, draft, 'failed')
  }

  retry(client_id: string): void {
    const entry = this.#find(client_id)
    if (!entry) return
    entry.state = 'sending'
    delete entry.refused
    this.#changed(entry)
    void this.#run(entry.conversation_id)
  }

  /** Back to the writer, discarded, or already seen on the stream. */
  remove(client_id: string | null): Draft | undefined {
    const entry = client_id && this.#find(client_id)
    if (!entry) return undefined
    this.#drop(entry)
    this.onChange(entry.conversation_id)
    return draftOf(entry)
  }

  refused(conversationId: number): string | undefined {
    return this.#in(conversationId).find(({ state }) => state === 'failed')?.client_id
  }

  retryNow(): void {
    for (const wake of this.#wake) wake()
  }

  /** As the log draws them. Pending edits are left out: they show in the message itself. */
  of(conversationId: number): Shown[] {
    return this.#in(conversationId)
      .filter(({ edits, state }) => !edits || state === 'failed')
      .map(shown)
  }

  #in(conversationId: number): Outgoing[] {
    return this.#waiting.filter((each) => each.conversation_id === conversationId)
  }

  #add(conversation_id: number, draft: Draft, state: Outgoing['state'], after = ''): void {
    const now = new Date().toISOString()
    const created_at = after > now ? after : now
    const entry: Outgoing = { client_id: uuid(), conversation_id, ...draft, created_at, state }
    this.#waiting.push(entry)
    this.#changed(entry)
  }

  async #run(conversationId: number): Promise<void> {
    if (this.#busy.has(conversationId)) return
    this.#busy.add(conversationId)
    const next = () => this.#in(conversationId).find(({ state }) => state === 'sending')
    for (let entry = next(), failures = 0; entry; entry = next()) {
      const wait = await this.#attempt(entry, failures)
      failures = wait ? failures + 1 : 0
      if (wait) await this.#pause(wait)
    }
    this.#busy.delete(conversationId)
  }

  /** @returns milliseconds until the next attempt, 0 when none is needed */
  async #attempt(entry: Outgoing, failures: number): Promise<number> {
    try {
      await this.#deliver(entry)
      return 0
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, {})
      if (problem.isTransient)
        return Math.max(problem.retryAfter * 1000, Math.min(500 * 2 ** failures, maxWaitMs))
      // Nothing else can be sent without a session, and must not overtake this one after the next sign-in.
      const refused =
        problem.status === 401 ? this.#waiting.filter(({ state }) => state === 'sending') : [entry]
      for (const each of refused) this.#refuse(each, problem)
      return 0
    }
  }

  async #deliver(entry: Outgoing): Promise<void> {
    const { edits, conversation_id } = entry
    const { message } = edits
      ? await api.edit(edits.id, contentOf(entry))
      : await api.send(conversation_id, bodyOf(entry))
    this.#drop(entry)
    if (edits) this.onEdited(message)
    else this.onSent(message)
  }

  #refuse(entry: Outgoing, problem: Problem): void {
    const { edits } = entry
    entry.state = 'failed'
    entry.refused = refusalOf(problem, entry)
    // The edit window is over, but the text can still be sent as a new message.
    if (entry.refused === 'edit_closed') delete entry.edits
    this.#changed(entry)
    this.onRefused(entry, edits)
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
    store(entry)
    this.onChange(entry.conversation_id)
  }

  #drop(entry: Outgoing): void {
    this.#waiting = this.#waiting.filter((each) => each !== entry)
    removeStored(entry)
  }
}
