import type { Conversation } from '../../server/live/events.ts'
import { handlesIn } from '../../views/people/handles.ts'
import { fold } from '../../views/people/names.ts'
import type { Filter } from '../api.ts'
import { draftOf } from '../composer/drafts.ts'
import { adopt, type Drawn, draw } from '../keyed.ts'
import { drawnInMyZone, element, reader } from '../page.ts'
import { render, toElement } from '../render.ts'
import { rove } from '../roving.ts'
import type { State } from '../state.ts'
import type { Conversations } from './conversations.ts'
import { otherOf } from './head.ts'

const NEAR = 400

/** The list on the left: rows, filters and the search box. */
export class Rows {
  #conversations: Conversations
  #state: State
  #openId: () => number | undefined
  #panel = element('rows')
  #list = element('rows-list')
  #search = element<HTMLInputElement>('search')

  constructor(state: State, openId: () => number | undefined) {
    this.#state = state
    this.#conversations = state.conversations
    this.#openId = openId
    if (drawnInMyZone) adopt(this.#list, this.#rows())
    rove(this.#list, 'a', 'first')
    this.#settle()
    this.#search.addEventListener('input', () => this.draw())
    this.#panel.addEventListener('scroll', () => this.#more(), { passive: true })
    for (const button of document.querySelectorAll<HTMLElement>('[data-filter]'))
      button.addEventListener('click', () => this.#filter(button.dataset.filter as Filter))
  }

  draw(): void {
    draw(this.#list, this.#rows())
    this.#settle()
    this.#panel.querySelector('.nothing')?.remove()
    if (!this.#list.childElementCount)
      this.#panel.prepend(toElement(render('conversations/nothing', this.#nothing())))
  }

  /** One row takes part in the Tab order: the one with the focus, else the open one, else the first. */
  #settle(): void {
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
    const found = this.#found()
    const handles = handlesIn(this.#conversations.all, reader)
    presences.want(found.flatMap((conversation) => otherOf(conversation) ?? []))
    return found.map((conversation) => {
      const current = conversation.id === openId
      const data = {
        conversation,
        handle: handles.get(conversation.id),
        current,
        draft: current ? '' : draftOf(conversation.id).text,
        presence: presences.get(otherOf(conversation)),
        typing: typings.words(conversation, reader.t),
      }
      return { key: String(conversation.id), html: render('conversations/row', data) }
    })
  }

  #found(): Conversation[] {
    const wanted = fold(this.#search.value)
    return this.#conversations.shown(this.#openId()).filter(({ title }) => fold(title).includes(wanted))
  }

  #filter(filter: Filter): void {
    for (const button of document.querySelectorAll<HTMLElement>('[data-filter]'))
      button.ariaPressed = String(button.dataset.filter === filter)
    this.#panel.scrollTop = 0
    void this.#conversations.choose(filter).catch(() => {})
  }

  #more(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#panel
    if (scrollHeight - scrollTop - clientHeight < NEAR) void this.#conversations.more().catch(() => {})
  }

  #nothing(): object {
    const { t } = reader
    const query = this.#search.value.trim()
    if (query) {
      const text = t('conversations.nothing_found_text', { query })
      return { icon: 'search-x', headline: t('conversations.nothing_found_title'), text }
    }
    const filter =
      this.#conversations.filter === 'all' ? 'empty' : (`no_${this.#conversations.filter}` as const)
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
