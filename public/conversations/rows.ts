import type { Filter } from '../../server/contract/conversations.ts'
import type { DataOf } from '../../views/templates.ts'
import { api, type Choice } from '../api.ts'
import { Problem } from '../http.ts'
import { type Drawn, draw } from '../keyed.ts'
import { element, page, reader } from '../page.ts'
import { render, toElement } from '../render.ts'
import { retryDelay } from '../retry.ts'
import { keepOneTabStop, rove } from '../roving.ts'
import { onNearEnd } from '../search-list.ts'
import type { State } from '../state.ts'
import { allChoice, type Conversations } from './conversations.ts'
import { drawnRows } from './drawn-rows.ts'
import { followRowMenu } from './late-row-menu.ts'
import { keyOf } from './lists.ts'
import { cachedList } from './offline-cache.ts'

/** The list of conversations with its filters. */
export class Rows {
  #conversations: Conversations
  #state: State
  #openId: () => number | undefined
  #panel = element('rows')
  #list = element('rows-list')
  #note = element('rows-note')
  #filter: Filter = 'all'
  /** The key of the list that could not be loaded. */
  #failed = ''

  constructor(state: State, openId: () => number | undefined) {
    this.#state = state
    this.#conversations = state.conversations
    this.#openId = openId
    rove(this.#list, 'a', 'first')
    this.#updateTabStop()
    followRowMenu(this.#list, state)
    onNearEnd(this.#panel, () => void this.#load())
    for (const button of document.querySelectorAll<HTMLElement>('[data-filter]'))
      button.addEventListener('click', () => this.#choose(button.dataset.filter as Filter))
  }

  /** Loads what the server has drawn, until that succeeds; in the shell, what was kept is shown meanwhile. */
  async load(): Promise<void> {
    const { signal } = new AbortController()
    for (let failures = 0; !this.#conversations.isListLoaded; failures++) {
      try {
        return this.#conversations.begin(await api.conversations(allChoice))
      } catch (error) {
        if (!(error instanceof Problem) || !error.isTransient) throw error
        this.#note.hidden = false
        if (page.isShell && !failures) return this.#showKept()
        await retryDelay(failures, error.retryAfter, signal)
      }
    }
  }

  async #showKept(): Promise<void> {
    const kept = await cachedList()
    if (kept) this.#conversations.begin(kept)
  }

  draw(): void {
    if (!this.#isListKnown) return
    draw(this.#list, this.#rows())
    this.#updateTabStop()
    this.#panel.querySelector('.nothing')?.remove()
    // Whether the list is empty is not known before the response.
    const isKnown = this.#isFailed || this.#conversations.loaded(this.#choice) !== 'nothing'
    if (!this.#list.childElementCount && isKnown)
      this.#panel.prepend(toElement(render('conversations/nothing', this.#emptyState())))
    this.#note.hidden = !this.#isFailed || !this.#list.childElementCount
  }

  /** Until the list is loaded, what the server has drawn stands. */
  get #isListKnown(): boolean {
    const isOther = keyOf(this.#choice) !== keyOf(allChoice)
    return isOther || this.#conversations.isListLoaded
  }

  #updateTabStop(): void {
    keepOneTabStop([...this.#list.querySelectorAll('a')])
  }

  #rows(): Drawn[] {
    const openId = this.#openId()
    return drawnRows(this.#conversations.shown(this.#choice, openId), this.#state, openId)
  }

  get #choice(): Choice {
    return { filter: this.#filter, query: '' }
  }

  get #isFailed(): boolean {
    return this.#failed === keyOf(this.#choice)
  }

  #choose(filter: Filter): void {
    this.#filter = filter
    for (const button of document.querySelectorAll<HTMLElement>('[data-filter]'))
      button.ariaPressed = String(button.dataset.filter === filter)
    this.#panel.scrollTop = 0
    this.refresh()
  }

  /** Draws the chosen list, and loads its first page if that is missing or has failed. */
  refresh(): void {
    this.draw()
    if (this.#conversations.loaded(this.#choice) === 'nothing') void this.#load()
  }

  async #load(): Promise<void> {
    const choice = this.#choice
    try {
      await this.#conversations.loadMore(choice)
      this.#failed = ''
    } catch {
      this.#failed = keyOf(choice)
      this.draw()
    }
  }

  #emptyState(): DataOf<'conversations/nothing'> {
    const { t } = reader
    if (this.#isFailed) {
      const text = t('conversations.list_failed_text')
      return { icon: 'wifi-off', headline: t('conversations.list_failed_title'), text }
    }
    const filter =
      this.#filter === 'all' || this.#filter === 'any' ? 'empty' : (`no_${this.#filter}` as const)
    const icons = {
      empty: 'messages-square',
      no_unread: 'check-check',
      no_groups: 'users',
      no_archived: 'archive',
    }
    const icon = icons[filter]
    const words = { headline: t(`conversations.${filter}_title`), text: t(`conversations.${filter}_text`) }
    return { icon, ...words, create: filter === 'empty' || filter === 'no_groups' }
  }
}
