import type { Conversation } from '../server/contract/conversations.ts'
import { arrange, logOf } from '../views/messages/arrange.ts'
import type { Given } from '../views/templates.ts'
import { onPageEntry } from './back.ts'
import { showAge } from './conversations/age.ts'
import { forgetKept, keep, keptOf } from './conversations/kept.ts'
import { type Loaded, load } from './conversations/loading.ts'
import type { Navigation } from './conversations/navigation.ts'
import type { Details } from './details/details.ts'
import { Problem } from './http.ts'
import { OpenConversation } from './messages/open-conversation.ts'
import { drawnInMyZone, element, page, reader } from './page.ts'
import { render, type TemplateName } from './render.ts'
import type { State } from './state.ts'

const PATIENCE = 200
/** After which an earlier copy is better than nothing. */
const LONG_PATIENCE = 4000
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
  /** When what is shown was loaded, while it cannot be loaded afresh. */
  #at: string | undefined
  /** Since when nothing is heard. */
  #lostAt: string | undefined

  constructor(state: State) {
    this.#state = state
    document.addEventListener('visibilitychange', () => document.hidden && this.#keep())
    addEventListener('pagehide', () => this.#keep())
    const { conversation, messages, pins } = page
    if (!conversation || !messages) return
    state.conversations.put(conversation)
    const shown = { messages, pins: pins?.pins ?? [], firstUnreadId: conversation.first_unread_id }
    this.open = new OpenConversation(this.#stateOf(conversation), shown, state, drawnInMyZone)
    if (pins?.has_more) this.open.refreshPins()
    this.#keep()
    const linked = /^#m([1-9]\d*)$/.exec(location.hash)?.[1]
    if (linked) this.open.show(Number(linked))
    // Who was quicker than the script keeps the focus where he put it.
    if (document.activeElement === document.body) this.#focus()
  }

  async show(id: number | undefined): Promise<void> {
    this.#loading.abort()
    if (id === undefined) return this.#place('conversations/choose')
    if (id === this.open?.id && !this.#at) return this.#enter()
    this.#loading = new AbortController()
    const { signal } = this.#loading
    const slow = setTimeout(() => this.#wait(id), PATIENCE)
    const verySlow = setTimeout(() => this.#showKept(id, signal), LONG_PATIENCE)
    try {
      const loaded = await load(id, signal, () => {
        clearTimeout(slow)
        void this.#showKept(id, signal).then((isShown) => isShown || signal.aborted || this.#wait(id, true))
      })
      if (signal.aborted) return
      await (this.open?.id === id ? this.#renew() : this.#show(loaded))
    } catch (error) {
      if (signal.aborted) return
      const gone = error instanceof Problem && [400, 403, 404].includes(error.status)
      if (gone) {
        this.#state.conversations.forget(id)
        void forgetKept(id)
      }
      this.#place(gone ? 'conversations/missing' : 'conversations/failed')
      if (!(error instanceof Problem)) throw error
    } finally {
      clearTimeout(slow)
      clearTimeout(verySlow)
    }
  }

  /** @param at when it was loaded, if that is a while ago */
  async #show({ conversation, messages, pins }: Loaded, at?: string): Promise<void> {
    this.#state.conversations.put(conversation)
    const items = arrange(logOf(conversation, messages), reader)
    const beside = this.#details && WIDE.matches
    const busy = this.#isBusyElsewhere
    this.#place('conversations/open', { conversation, items, pins })
    const shown = { messages, pins, firstUnreadId: conversation.first_unread_id }
    this.open = new OpenConversation(this.#stateOf(conversation), shown, this.#state, true)
    this.#at = at
    showAge(at)
    if (beside) await this.showDetails(false)
    this.#keep()
    if (!busy) this.#focus()
  }

  /** What was loaded earlier, while it cannot be loaded now. @returns whether it is shown */
  async #showKept(id: number, signal: AbortSignal): Promise<boolean> {
    if (this.open?.id === id) return true
    const kept = await keptOf(id)
    if (!kept || signal.aborted || this.open?.id === id) return this.open?.id === id
    const { conversation, at } = kept
    // The list may know better, except who is in it.
    const known = this.#state.conversations.get(id) ?? conversation
    await this.#show({ ...kept, conversation: { ...known, members: conversation.members ?? [] } }, at)
    return true
  }

  /** Brings an earlier copy up to date, which the conversation sees to itself once the server answers. */
  async #renew(): Promise<void> {
    this.#at = undefined
    showAge(undefined)
    await this.open?.catchUp()
  }

  /** Keeps the open conversation, as far as it is known, to be read without a network. */
  #keep(): void {
    const { open } = this
    const messages = open?.newest
    if (!open || !messages || !this.#state.conversations.get(open.id)) return
    const at = this.#at ?? this.#lostAt ?? new Date().toISOString()
    void keep({ conversation: open.conversation(), messages, pins: open.pins, at })
  }

  /** @param connected whether what is shown follows what happens */
  connected(connected: boolean): void {
    if (connected) this.#lostAt = undefined
    else this.#lostAt ??= new Date().toISOString()
  }

  /** The open conversation was deleted, or the reader is no longer its member. */
  gone(): void {
    this.#loading.abort()
    this.#place('conversations/removed')
    onPageEntry(() => history.replaceState(history.state, '', '/wiadomosci'))
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

  #wait(id: number, failed = false): void {
    if (this.open?.id === id) return
    const conversation = this.#state.conversations.get(id)
    this.#place('conversations/loading', { conversation, failed, waiting: true })
  }

  #place<Name extends TemplateName>(template: Name, ...given: Given<NoInfer<Name>>): void {
    this.#keep()
    this.open?.close()
    this.open = undefined
    this.#at = undefined
    this.#details?.close()
    this.#main.innerHTML = render(template, ...given)
    this.#app.classList.toggle('app--open', template !== 'conversations/choose')
  }

  #enter(): void {
    this.#app.classList.add('app--open')
    this.#focus()
  }

  /** It may have taken long: then somebody may be writing somewhere else. */
  get #isBusyElsewhere(): boolean {
    const focused = document.activeElement
    return Boolean(focused?.closest('dialog, input') && !this.#main.contains(focused))
  }

  // On a touch screen the keyboard would cover half of what one came to read.
  #focus(): void {
    if (matchMedia('(pointer: fine)').matches) this.open?.focus()
    else this.#main.focus({ preventScroll: true })
  }
}
