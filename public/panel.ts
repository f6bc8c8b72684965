import type { Conversation } from '../server/live/events.ts'
import { arrange, logOf, showsUnread } from '../views/messages/arrange.ts'
import { api, Problem } from './api.ts'
import type { Navigation } from './conversations/navigation.ts'
import type { Details } from './details/details.ts'
import { OpenConversation } from './messages/open-conversation.ts'
import { placeIn } from './messages/places.ts'
import { drawnInMyZone, element, page, reader } from './page.ts'
import { render, type TemplateName } from './render.ts'
import type { State } from './state.ts'

const PATIENCE = 200
/** Beside a conversation the panel about it has room on such a window only. */
const WIDE = matchMedia('(min-width: 73.75em)')

/** The right half: a conversation, or what is to be said instead of one. */
export class Panel {
  open: OpenConversation | undefined
  /** Set once there is one: it calls back here. */
  navigation!: Navigation
  #state: State
  #details: Details | undefined
  #app = element('app')
  #main = element('main')
  #loading = new AbortController()

  constructor(state: State) {
    this.#state = state
    const { conversation, messages, pins } = page
    if (!conversation || !messages) return
    state.conversations.put(conversation)
    this.open = new OpenConversation(
      this.#stateOf(conversation),
      { messages, pins: pins ?? [], firstUnreadId: conversation.first_unread_id },
      state,
      drawnInMyZone,
    )
    const linked = /^#m([1-9]\d*)$/.exec(location.hash)?.[1]
    if (linked) this.open.show(Number(linked))
    // Who was quicker than the script keeps the focus where he put it.
    if (document.activeElement === document.body) this.#focus()
  }

  async show(id: number | undefined): Promise<void> {
    this.#loading.abort()
    if (id === undefined) return this.#place('conversations/choose', {}, false)
    if (id === this.open?.id) return this.#enter()
    this.#loading = new AbortController()
    const { signal } = this.#loading
    const slow = setTimeout(() => this.#wait(id), PATIENCE)
    try {
      const place = placeIn(id)
      const answers = [
        api.conversation(id, signal),
        api.messages(id, place ? { around_id: place.id } : {}, signal),
        api.pins(id, signal),
      ] as const
      const [{ conversation }, near, { pins }] = await Promise.all(answers)
      const { first_unread_id: firstUnreadId } = conversation
      const messages =
        firstUnreadId && !showsUnread(near, firstUnreadId)
          ? await api.messages(id, { around_id: firstUnreadId }, signal)
          : near
      if (signal.aborted) return
      this.#state.conversations.put(conversation)
      const items = arrange(logOf(conversation, messages), reader)
      const beside = this.#details && WIDE.matches
      this.#place('conversations/open', { conversation, items, pins })
      this.open = new OpenConversation(
        this.#stateOf(conversation),
        { messages, pins, firstUnreadId },
        this.#state,
        true,
      )
      if (beside) await this.showDetails(false)
      this.#focus()
    } catch (error) {
      if (signal.aborted) return
      const gone = error instanceof Problem && (error.status === 404 || error.status === 400)
      this.#place(gone ? 'conversations/missing' : 'conversations/failed')
      if (!(error instanceof Problem)) throw error
    } finally {
      clearTimeout(slow)
    }
  }

  /** The open conversation was deleted, or the reader is no longer its member. */
  gone(): void {
    this.#place('conversations/removed')
    history.replaceState(history.state, '', '/wiadomosci')
  }

  /** Draws what may have changed, when anything has. */
  refresh(): void {
    this.open?.refresh()
    this.#details?.draw()
  }

  /** The panel about the conversation: shown, or closed again. */
  async toggleDetails(): Promise<void> {
    if (this.#details) this.#details.close()
    else await this.showDetails(true)
  }

  async showDetails(focus: boolean): Promise<void> {
    const { Details } = await import('./details/details.ts')
    if (!this.open || this.#details) return
    const { conversation } = this.open
    this.#details = new Details(conversation, this.#state, this.navigation, () => {
      this.#details = undefined
    })
    if (focus) this.#details.focus()
  }

  #stateOf(conversation: Conversation): () => Conversation {
    return () => this.#state.conversations.get(conversation.id) ?? conversation
  }

  #wait(id: number): void {
    const conversation = this.#state.conversations.get(id)
    if (conversation) this.#place('conversations/loading', { conversation })
  }

  #place(template: TemplateName, data: object = {}, entered = true): void {
    this.open?.close()
    this.open = undefined
    this.#details?.close()
    this.#main.innerHTML = render(template, data)
    this.#app.classList.toggle('app--open', entered)
  }

  #enter(): void {
    this.#app.classList.add('app--open')
    this.#focus()
  }

  // On a touch screen the keyboard would cover half of what one came to read.
  #focus(): void {
    if (matchMedia('(pointer: fine)').matches) this.open?.focus()
    else this.#main.focus({ preventScroll: true })
  }
}
