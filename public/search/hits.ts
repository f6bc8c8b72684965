import { limits } from '../../server/contract/limits.ts'
import type { SearchResult } from '../../server/contract/search.ts'
import { api, type Sought } from '../api.ts'

/** The messages that a search finds, page by page; an older answer never replaces a newer one. */
export class Hits {
  found: SearchResult[] = []
  /** `more` while a further page is loading; `idle` when nothing is searched for. */
  state: 'idle' | 'asking' | 'more' | 'answered' | 'failed' = 'idle'
  #changed: () => void
  #sought: Sought | undefined
  #cursor: string | null = null
  #loading = new AbortController()

  constructor(changed: () => void) {
    this.#changed = changed
  }

  get hasMore(): boolean {
    return this.#cursor !== null
  }

  /** Until the answer is there, what was found before stays. */
  async find(sought: Sought | undefined, limit: number): Promise<void> {
    this.#loading.abort()
    this.#sought = sought
    this.#cursor = null
    this.state = sought ? 'asking' : 'idle'
    if (sought) await this.#load(sought, [], limit)
    else this.found = []
  }

  /** Does nothing while a page is loading, or at the end. */
  async loadMore(): Promise<void> {
    if (!this.#sought || !this.#cursor || this.state !== 'answered') return
    this.state = 'more'
    await this.#load(this.#sought, this.found, limits.searchPage)
  }

  /** Leaves out what was deleted, or may no longer be seen. */
  drop(isGone: (result: SearchResult) => boolean): void {
    this.found = this.found.filter((result) => !isGone(result))
  }

  async #load(sought: Sought, before: SearchResult[], limit: number): Promise<void> {
    this.#loading = new AbortController()
    const { signal } = this.#loading
    try {
      const page = await api.search(sought, this.#cursor, limit, signal)
      this.#cursor = page.next_cursor
      this.found = [...before, ...page.results.filter((result) => isOfKind(result, sought))]
      this.state = 'answered'
    } catch {
      if (signal.aborted) return
      this.found = before
      this.state = 'failed'
    }
    this.#changed()
  }
}

/** Its files may have been removed since. */
const isOfKind = ({ message }: SearchResult, { kind }: Sought) =>
  kind !== 'files' || message.attachments.length > 0
