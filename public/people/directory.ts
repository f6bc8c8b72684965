import type { User } from '../../server/contract/users.ts'
import { api } from '../api.ts'

/** Fewer than this to choose from are no list worth showing: then the next page is asked for at once. */
const fewest = 10

/** The members that a search box finds, page by page. */
export class Directory {
  found: User[] = []
  state: 'asking' | 'answered' | 'failed' = 'asking'
  #leaveOut: (user: User) => boolean
  #changed: () => void
  #query = ''
  #cursor: string | null = null
  #asking = new AbortController()

  /** @param leaveOut those who cannot be chosen here */
  constructor(leaveOut: (user: User) => boolean, changed: () => void) {
    this.#leaveOut = leaveOut
    this.#changed = changed
  }

  /** Begins anew with what was typed. */
  async find(query: string): Promise<void> {
    this.#asking.abort()
    this.#query = query
    this.#cursor = null
    await this.#ask([])
  }

  /** The next page, when there is one and none is on its way. */
  async more(): Promise<void> {
    if (this.#cursor && this.state !== 'asking') await this.#ask(this.found)
  }

  async #ask(before: User[]): Promise<void> {
    this.#asking = new AbortController()
    const { signal } = this.#asking
    this.state = 'asking'
    const found = [...before]
    try {
      do {
        const page = await api.users(this.#query, this.#cursor, signal)
        found.push(...page.users.filter((user) => !this.#leaveOut(user)))
        this.#cursor = page.next_cursor
      } while (this.#cursor && found.length < before.length + fewest)
      this.found = found
      this.state = 'answered'
    } catch (error) {
      if ((error as Error).name === 'AbortError') return
      this.state = 'failed'
    }
    this.#changed()
  }
}
