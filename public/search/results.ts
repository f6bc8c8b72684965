import type { Conversation } from '../../server/contract/conversations.ts'
import { limits } from '../../server/contract/limits.ts'
import { fold } from '../../views/people/names.ts'
import hitTemplate from '../../views/search/hit.eta'
import personTemplate from '../../views/search/person.eta'
import type { Choice } from '../api.ts'
import { drawnRows } from '../conversations/drawn-rows.ts'
import { page } from '../page.ts'
import { Directory } from '../people/directory.ts'
import { renderTemplate } from '../render.ts'
import type { State } from '../state.ts'
import type { Filters } from './filters.ts'
import type { Part, Shown } from './found.ts'
import { Hits } from './hits.ts'

/** How many of a part are shown at first, beside the others. */
const few: Record<Part, number> = { conversations: 4, people: 3, messages: 5, files: 3, links: 5 }
const kinds = ['messages', 'files', 'links'] as const

/** What is found: conversations among the known ones at once, all else when the server answers. */
export class Results {
  /** The link that was followed last. */
  openedMessage: number | undefined
  #state: State
  #filters: Filters
  #openId: () => number | undefined
  #changed: () => void
  #people: Directory
  #hits: Record<(typeof kinds)[number], Hits>
  #query = ''
  /** Parts of which all is shown. */
  #expanded = new Set<Part>()
  #list: 'asking' | 'answered' | 'failed' = 'answered'
  #listsAsked = 0

  constructor(state: State, filters: Filters, openId: () => number | undefined, changed: () => void) {
    this.#state = state
    this.#filters = filters
    this.#openId = openId
    this.#people = new Directory(({ id }) => id === page.me.id, changed)
    this.#hits = { messages: new Hits(changed), files: new Hits(changed), links: new Hits(changed) }
    this.#changed = changed
  }

  /** Conversations are found by what is typed so far, before the server is asked. */
  typed(query: string): void {
    this.#query = query
  }

  ask(query: string): void {
    this.#query = query
    this.#expanded.clear()
    const { kind, narrowing } = this.#filters
    const isLong = query.length >= limits.searchMinCharacters
    for (const each of kinds) {
      const isWanted = isLong && (kind === each || (kind === 'all' && each !== 'links'))
      const sought = isWanted ? { q: query, kind: each, ...narrowing } : undefined
      void this.#hits[each].find(sought, kind === 'all' ? few[each] : limits.searchPage)
    }
    if (this.#findsPeople) void this.#people.find(query)
    if (this.#findsConversations) void this.#loadList()
  }

  get isAsking(): boolean {
    return this.#states.includes('asking')
  }

  get isFailed(): boolean {
    return this.#states.includes('failed')
  }

  /** Whether the server has been asked for messages. */
  get isIdle(): boolean {
    return kinds.every((kind) => this.#hits[kind].state === 'idle')
  }

  /** @param isSlow whether to leave out what was found before, for other words */
  shown(isSlow: boolean): Record<Part, Shown> {
    const conversations = this.#findsConversations ? this.#conversations() : []
    return {
      conversations: this.#first('conversations', conversations, this.#isListPartial, (some) =>
        drawnRows(some, this.#state, this.#openId(), true),
      ),
      people: this.#shownPeople(conversations, isSlow),
      messages: this.#shownHits('messages', isSlow),
      files: this.#shownHits('files', isSlow),
      links: this.#shownHits('links', isSlow),
    }
  }

  /** Shows all of a part that is loaded, or loads more of it. */
  async more(part: Part): Promise<void> {
    const isNew = !this.#expanded.has(part)
    this.#expanded.add(part)
    if (part === 'conversations') return isNew ? undefined : this.#loadList()
    if (part === 'people') return isNew ? undefined : this.#people.loadMore()
    await this.#hits[part].loadMore()
  }

  forget(isGone: (found: { conversation_id: number; message: { id: number } }) => boolean): void {
    for (const kind of kinds) this.#hits[kind].drop(isGone)
  }

  get #states(): string[] {
    const asked = kinds.map((kind) => this.#hits[kind].state as string)
    if (this.#findsPeople) asked.push(this.#people.state)
    if (this.#findsConversations) asked.push(this.#list)
    return asked
  }

  get #findsConversations(): boolean {
    return this.#query !== '' && !this.#filters.isNarrow
  }

  get #findsPeople(): boolean {
    return this.#findsConversations && this.#query.length >= limits.searchMinCharacters
  }

  get #choice(): Choice {
    return { filter: 'any', query: this.#query }
  }

  get #isListPartial(): boolean {
    return this.#state.conversations.loaded(this.#choice) === 'part'
  }

  /** Those of exactly this name first. */
  #conversations(): Conversation[] {
    const name = fold(this.#query)
    const shown = this.#state.conversations.shown(this.#choice, this.#openId())
    const [exact, others] = [true, false].map((is) =>
      shown.filter(({ title }) => (fold(title) === name) === is),
    )
    return [...exact!, ...others!]
  }

  async #loadList(): Promise<void> {
    const turn = ++this.#listsAsked
    this.#list = 'asking'
    const state = await this.#state.conversations.loadMore(this.#choice).then(
      () => 'answered' as const,
      () => 'failed' as const,
    )
    if (turn !== this.#listsAsked) return
    this.#list = state
    this.#changed()
  }

  /** Without those whose conversation is there already. */
  #shownPeople(conversations: Conversation[], isSlow: boolean): Shown {
    const { found, state, hasMore } = this.#people
    const isShown = this.#findsPeople && !(isSlow && state === 'asking')
    const there = new Set(conversations)
    const people = (isShown ? found : []).filter(({ id }) => {
      const direct = this.#state.conversations.directWith(id)
      return !direct || !there.has(direct)
    })
    return this.#first('people', people, hasMore, (some) =>
      some.map((person) => ({ key: `${person.id}`, html: renderTemplate(personTemplate, { person }) })),
    )
  }

  #shownHits(part: (typeof kinds)[number], isSlow: boolean): Shown {
    const { found, state, hasMore } = this.#hits[part]
    const within = this.#filters.conversation !== undefined
    return this.#first(part, isSlow && state === 'asking' ? [] : found, hasMore, (some) =>
      some.map((result) => {
        const { id } = result.message
        const current = id === this.openedMessage
        return { key: `${id}`, html: renderTemplate(hitTemplate, { result, part, within, current }) }
      }),
    )
  }

  #first<Item>(part: Part, all: Item[], hasMore: boolean, drawn: (some: Item[]) => Shown['rows']): Shown {
    const isWhole = this.#expanded.has(part) || this.#filters.kind !== 'all'
    const some = isWhole ? all : all.slice(0, few[part])
    return { rows: drawn(some), hasMore: all.length > 0 && (hasMore || some.length < all.length) }
  }
}
