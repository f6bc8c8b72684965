import type { Conversation } from '../../server/contract/conversations.ts'
import type { Navigation } from '../conversations/navigation.ts'
import { isComposing } from '../keys.ts'
import { element } from '../page.ts'
import { openDirect } from '../people/direct.ts'
import { enterRegion } from '../regions.ts'
import { onTypingPause } from '../search-list.ts'
import type { State } from '../state.ts'
import { Filters } from './filters.ts'
import { Found, type Part, parts } from './found.ts'
import { Results } from './results.ts'
import { emptyState, stateOf } from './states.ts'

/** A pause in typing after which the server is asked. */
const pauseMs = 250
/** After which what was found before gives way to the skeleton. */
const slowMs = 200

/** The search box over the list: conversations, people, messages and files, in place of the list while it is in use. */
export class Search {
  #state: State
  #navigation: Navigation
  #box = element<HTMLInputElement>('search')
  #found = new Found(() => this.#box.focus())
  #filters = new Filters(() => this.#ask())
  #results: Results
  /** What was asked last, to be asked but once. */
  #asked = ''
  #isSlow = false
  #slow = 0
  /** What the server has drawn stays until there are results to replace it. */
  #isFirst = this.#box.value !== ''
  /** Where the focus was before it was brought here. */
  #before: HTMLElement | null = null

  constructor(state: State, navigation: Navigation) {
    this.#state = state
    this.#navigation = navigation
    this.#results = new Results(
      state,
      this.#filters,
      () => navigation.id,
      () => this.draw(),
    )
    this.#box.setAttribute('aria-controls', this.#found.panel.id)
    this.#box.addEventListener('input', () => this.#typed())
    onTypingPause(this.#box, () => this.#ask(), pauseMs)
    this.#box.addEventListener('keydown', (event) => this.#keydown(event))
    element('search-form').addEventListener('submit', (event) => this.#submit(event))
    this.#found.panel.addEventListener('click', (event) => this.#click(event))
    for (const part of [element('search-filters'), this.#found.panel])
      part.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') this.#box.focus()
      })
    if (this.#query) this.#ask()
  }

  /** Puts the focus into the box, which on a phone is on the page of the list; Escape gives it back. */
  focus(): void {
    if (document.activeElement !== this.#box) this.#before = document.activeElement as HTMLElement
    if (this.#box.checkVisibility()) this.#box.select()
    else this.#navigation.toList(() => this.#box.focus())
    this.#box.focus()
  }

  /** Searches one conversation only. */
  within(conversation: Conversation): void {
    this.#filters.within(conversation)
    this.#ask()
    this.focus()
  }

  /** After a lost connection: asks again for what has failed. */
  refresh(): void {
    if (!this.#results.isFailed) return
    this.#asked = ''
    this.#ask()
  }

  /** It was deleted. */
  forgetMessage(id: number): void {
    this.#results.forget(({ message }) => message.id === id)
    this.draw()
  }

  /** It was deleted, or the reader is no longer its member. */
  forgetConversation(id: number): void {
    this.#results.forget(({ conversation_id }) => conversation_id === id)
    if (this.#filters.conversation?.id === id) this.#filters.within(undefined)
    this.#ask()
  }

  draw(): void {
    const { isAsking } = this.#results
    if (this.#isFirst && isAsking && !this.#isSlow) return
    this.#isFirst = false
    const isOn = this.#isOn
    element('rows').hidden = isOn
    element('filters').hidden = isOn
    this.#filters.show(isOn)
    this.#found.panel.hidden = !isOn
    if (!isOn) return
    const shown = this.#results.shown(this.#isSlow)
    this.#found.draw(shown)
    const count = parts.reduce((sum, part) => sum + shown[part].rows.length, 0)
    const isSettled = !isAsking && this.#question === this.#asked
    if (isSettled || this.#isSlow) this.#found.drawState(stateOf(this.#results, this.#query, count))
    if (!isSettled) return
    const hasMore = parts.some((part) => shown[part].hasMore)
    this.#found.announce(
      count ? this.#found.countWords(count, hasMore) : emptyState(this.#results, this.#query).headline,
    )
  }

  get #query(): string {
    return this.#box.value.trim()
  }

  get #isOn(): boolean {
    return this.#query !== '' || this.#filters.conversation !== undefined
  }

  get #question(): string {
    return JSON.stringify([this.#query, this.#filters.kind, this.#filters.narrowing])
  }

  #typed(): void {
    this.#results.typed(this.#query)
    if (this.#isOn) this.draw()
    else this.#ask()
  }

  #ask(): void {
    const question = this.#question
    if (question === this.#asked) return this.draw()
    this.#asked = question
    this.#isSlow = false
    clearTimeout(this.#slow)
    this.#slow = setTimeout(() => {
      this.#isSlow = true
      this.draw()
    }, slowMs)
    this.#found.panel.scrollTop = 0
    this.#results.ask(this.#query)
    this.draw()
  }

  #keydown(event: KeyboardEvent): void {
    if (isComposing(event)) return
    if (event.key === 'ArrowDown' && this.#isOn) {
      event.preventDefault()
      this.#found.items[0]?.focus()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      this.#close()
    }
  }

  #close(): void {
    this.#box.value = ''
    this.#filters.reset()
    this.#ask()
    const before = this.#before
    this.#before = null
    if (before?.isConnected) before.focus({ preventScroll: true })
    // The composer's plain field gave way to its rich one meanwhile.
    else if (before) enterRegion(document.querySelector('#composer'))
  }

  /** Opens the first result; what was found for other words does not count. */
  #submit(event: SubmitEvent): void {
    event.preventDefault()
    this.#ask()
    const isCurrent = (item: HTMLElement) =>
      !this.#results.isAsking || item.closest('[data-part="conversations"]') !== null
    this.#found.items.find((item) => item.matches('a') && isCurrent(item))?.click()
  }

  #click({ target }: MouseEvent): void {
    const chosen = (target as Element).closest<HTMLElement>('a, [data-write-to], [data-more], [data-search]')
    const { message, writeTo, more, search } = chosen?.dataset ?? {}
    if (more) return void this.#more(more as Part)
    if (search === 'again') return this.refresh()
    if (!chosen) return
    this.#before = null
    this.#results.openedMessage = Number(message) || undefined
    if (writeTo) void openDirect(Number(writeTo), this.#state, (id) => this.#navigation.open(id))
    this.draw()
  }

  async #more(part: Part): Promise<void> {
    const before = this.#results.shown(false)[part].rows.length
    await this.#results.more(part)
    this.draw()
    this.#found.focusAfter(part, before)
  }
}
