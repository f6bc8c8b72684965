import type { Filter } from '../../server/contract/conversations.ts'
import { handlesIn } from '../../views/people/handles.ts'
import { otherOf } from '../../views/people/other.ts'
import type { DataOf } from '../../views/templates.ts'
import type { Choice } from '../api.ts'
import { draftOf } from '../composer/drafts.ts'
import { adopt, type Drawn, draw } from '../keyed.ts'
import { drawnInMyZone, element, reader } from '../page.ts'
import { render, toElement } from '../render.ts'
import { rove } from '../roving.ts'
import { onNearEnd, onTypingPause } from '../search-list.ts'
import type { State } from '../state.ts'
import type { Conversations } from './conversations.ts'
import { keyOf } from './lists.ts'

/** The list of conversations with its filters and search box. */
export class Rows {
  #conversations: Conversations
  #state: State
  #openId: () => number | undefined
  #panel = element('rows')
  #list = element('rows-list')
  #search = element<HTMLInputElement>('search')
  #note = element('rows-note')
  #filter: Filter = 'all'
  /** The key of the list that could not be loaded. */
  #failed = ''

  constructor(state: State, openId: () => number | undefined) {
    this.#state = state
    this.#conversations = state.conversations
    this.#openId = openId
    if (drawnInMyZone) adopt(this.#list, this.#rows())
    rove(this.#list, 'a', 'first')
    this.#updateTabStop()
    this.#search.addEventListener('input', () => this.draw())
    onTypingPause(this.#search, () => this.refresh())
    onNearEnd(this.#panel, () => void this.#load())
    for (const button of document.querySelectorAll<HTMLElement>('[data-filter]'))
      button.addEventListener('click', () => this.#choose(button.dataset.filter as Filter))
  }

  draw(): void {
    draw(this.#list, this.#rows())
    this.#updateTabStop()
    this.#panel.querySelector('.nothing')?.remove()
    // Whether the list is empty is not known before the response.
    const isKnown = this.#isFailed || this.#conversations.loaded(this.#choice) !== 'nothing'
    if (!this.#list.childElementCount && isKnown)
      this.#panel.prepend(toElement(render('conversations/nothing', this.#emptyState())))
    this.#note.hidden = !this.#isFailed || !this.#list.childElementCount
  }

  /** One row is in the tab order: the focused one, else the open one, else the first. */
  #updateTabStop(): void {
    const links = [...this.#list.querySelectorAll<HTMLElement>('a')]
    const one =
      links.find((link) => link === document.activeElement) ??
      links.find((link) => link.ariaCurrent) ??
      links[0]
    for (const link of links) link.tabIndex = link === one ? 0 : -1
  }

  #rows(): Drawn[] {
    const openId = this.#openId()
    const { presences, typings } = this.#state
    const found = this.#conversations.shown(this.#choice, this.#openId())
    const handles = handlesIn(this.#conversations.all, reader)
    presences.watch(found.flatMap((conversation) => otherOf(conversation, reader.me?.id)?.user_id ?? []))
    return found.map((conversation) => {
      const current = conversation.id === openId
      const data = {
        conversation,
        handle: handles.get(conversation.id),
        current,
        found: Boolean(this.#choice.query),
        draft: current ? '' : draftOf(conversation.id).text,
        presence: presences.get(otherOf(conversation, reader.me?.id)?.user_id),
        typing: typings.words(conversation, reader.t),
      }
      return { key: String(conversation.id), html: render('conversations/row', data) }
    })
  }

  /** Searching all conversations includes the archive. */
  get #choice(): Choice {
    const query = this.#search.value.trim()
    return { filter: query && this.#filter === 'all' ? 'any' : this.#filter, query }
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
    const { query } = this.#choice
    if (this.#isFailed) {
      const text = t('conversations.list_failed_text')
      return { icon: 'wifi-off', headline: t('conversations.list_failed_title'), text }
    }
    if (query) {
      const text = t('conversations.nothing_found_text', { query })
      return { icon: 'search-x', headline: t('conversations.nothing_found_title'), text }
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
