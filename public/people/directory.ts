import type { User } from '../../server/contract/users.ts'
import { api } from '../api.ts'

/** With fewer new results than this, the next page is loaded at once. */
const minResults = 10

/** The members that a search finds, page by page. */
export class Directory {
  found: User[] = []
  state: 'asking' | 'answered' | 'failed' = 'asking'
  #isExcluded: (user: User) => boolean
  #changed: () => void
  #query = ''
  #cursor: string | null = null
  #loading = new AbortController()

  /** @param isExcluded whether someone cannot be chosen here */
  constructor(isExcluded: (user: User) => boolean, changed: () => void) {
    this.#isExcluded = isExcluded
    this.#changed = changed
  }

  get hasMore(): boolean {
    return this.#cursor !== null
  }

  async find(query: string): Promise<void> {
    this.#loading.abort()
    this.#query = query
    this.#cursor = null
    await this.#load([])
  }

  /** Does nothing while a page is loading, or at the end. */
  async loadMore(): Promise<void> {
    if (this.#cursor && this.state !== 'asking') await this.#load(this.found)
  }

  async #load(before: User[]): Promise<void> {
    this.#loading = new AbortController()
    const { signal } = this.#loading
    this.state = 'asking'
    const found = [...before]
    try {
      do {
        const page = await api.users(this.#query, this.#cursor, signal)
        found.push(...page.users.filter((user) => !this.#isExcluded(user)))
        this.#cursor = page.next_cursor
      } while (this.#cursor && found.length < before.length + minResults)
      this.found = found
      this.state = 'answered'
    } catch (error) {
      if ((error as Error).name === 'AbortError') return
      this.state = 'failed'
    }
    this.#changed()
  }
}
