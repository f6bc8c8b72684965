import type { Shared, SharedKind } from '../../server/contract/shared.ts'
import { api } from '../api.ts'

/** What is asked for at a time, at most. */
const maxPage = 100
const pageSize = 30

/** What a conversation shares of one kind, page by page. */
export class SharedList {
  items: Shared[] = []
  state: 'new' | 'asking' | 'answered' | 'failed' = 'new'
  readonly kind: SharedKind
  #id: number
  #changed: () => void
  #cursor: string | null = null
  #loading = new AbortController()
  #coming: Promise<void> | undefined

  /** @param id of the conversation */
  constructor(id: number, kind: SharedKind, changed: () => void) {
    this.#id = id
    this.kind = kind
    this.#changed = changed
  }

  get hasMore(): boolean {
    return this.#cursor !== null
  }

  /** The next page, or the one that is loading; nothing at the end. */
  more(): Promise<void> {
    this.#coming ??= this.#more().finally(() => {
      this.#coming = undefined
    })
    return this.#coming
  }

  async #more(): Promise<void> {
    if (this.state === 'asking' || (this.state === 'answered' && !this.#cursor)) return
    // All of it is there, but what has changed since could not be loaded.
    if (this.items.length > 0 && !this.#cursor) return this.again()
    await this.#load(this.items, this.#cursor, this.items.length + 1)
  }

  /** Loads again as much as there was: something was sent, changed or deleted. */
  async again(): Promise<void> {
    if (this.state === 'new') return
    await this.#load([], null, Math.max(1, this.items.length))
  }

  /** Forgets what a deleted message shared. */
  drop(messageId: number): void {
    this.items = this.items.filter(({ message_id }) => message_id !== messageId)
    this.#changed()
  }

  close(): void {
    this.#loading.abort()
  }

  /** @param least how many are to be there in the end, if there are so many */
  async #load(before: Shared[], from: string | null, least: number): Promise<void> {
    this.#loading.abort()
    this.#loading = new AbortController()
    const { signal } = this.#loading
    this.state = 'asking'
    this.#changed()
    const items = [...before]
    let cursor = from
    try {
      do {
        const limit = Math.min(maxPage, Math.max(pageSize, least - items.length))
        const page = await api.shared(this.#id, this.kind, cursor, limit, signal)
        items.push(...page.items)
        cursor = page.next_cursor
      } while (cursor && items.length < least)
      if (signal.aborted) return
      this.items = items
      this.#cursor = cursor
      this.state = 'answered'
    } catch {
      if (signal.aborted) return
      this.state = 'failed'
    }
    this.#changed()
  }
}
