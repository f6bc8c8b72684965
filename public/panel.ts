import type { Conversation } from '../server/contract/conversations.ts'
import { arrange, logOf } from '../views/messages/arrange.ts'
import type { Given } from '../views/templates.ts'
import { onPageEntry } from './back.ts'
import { showLoadedAt } from './conversations/loaded-at.ts'
import { type Loaded, load } from './conversations/loading.ts'
import type { Navigation } from './conversations/navigation.ts'
import { cacheConversation, cachedConversation, evictConversation } from './conversations/offline-cache.ts'
import type { Details } from './details/details.ts'
import { Drawn, linkedMessage } from './drawn.ts'
import { Problem } from './http.ts'
import { breathe } from './idle.ts'
import { OpenConversation } from './messages/open-conversation.ts'
import { savePosition } from './messages/saved-position.ts'
import { element, reader } from './page.ts'
import { render, type TemplateName } from './render.ts'
import type { State } from './state.ts'

const skeletonDelayMs = 200
/** After which the offline copy is better than nothing. */
const cacheDelayMs = 4000
const hasRoomForDetails = matchMedia('(min-width: 73.75em)')

/** The right half of the page: a conversation, or a message in its place. */
export class Panel {
  open: OpenConversation | undefined
  /** Set right after construction, because it calls back here. */
  navigation!: Navigation
  #state: State
  #details: Details | undefined
  #drawn = new Drawn()
  /** Something has changed in the conversation that is loading. */
  #isBehind = false
  #app = element('app')
  #main = element('main')
  #loading = new AbortController()
  /** When the offline copy on screen was loaded; undefined when it is up to date. */
  #loadedAt: string | undefined
  /** Since when there has been no stream. */
  #lostAt: string | undefined

  constructor(state: State) {
    this.#state = state
    document.addEventListener('visibilitychange', () => document.hidden && this.#cache())
    addEventListener('pagehide', () => this.#cache())
  }

  /** Takes over the conversation that the server has drawn, if it has. */
  async adopt(id: number | undefined): Promise<void> {
    if (id !== undefined && this.#drawn.begin(id)) await this.show(id, linkedMessage())
  }

  /** @param messageId of a message in it to scroll to */
  async show(id: number | undefined, messageId?: number): Promise<void> {
    this.#loading.abort()
    this.#isBehind = false
    if (!this.#drawn.is(id)) this.#drawn.leave()
    if (id === undefined) return this.#showTemplate('conversations/choose')
    if (id === this.open?.id && !this.#loadedAt) return this.#enter(messageId)
    // Where the reader was is not where they want to go.
    if (messageId) savePosition(id, undefined)
    this.#loading = new AbortController()
    const { signal } = this.#loading
    const slow = setTimeout(() => this.#drawn.isThere || this.#showLoading(id), skeletonDelayMs)
    const verySlow = setTimeout(() => this.#drawn.isThere || this.#showCached(id, signal), cacheDelayMs)
    const failed = () => {
      clearTimeout(slow)
      void this.#showCached(id, signal).then(
        (isShown) => isShown || signal.aborted || this.#drawn.isThere || this.#showLoading(id, true),
      )
    }
    try {
      const loaded = await load(id, signal, failed, messageId)
      if (signal.aborted) return
      await (this.open?.id === id ? this.#renew() : this.#show(loaded))
      if (messageId && !signal.aborted) this.open?.show(messageId)
    } catch (error) {
      if (signal.aborted) return
      const gone = error instanceof Problem && [400, 403, 404].includes(error.status)
      if (gone) {
        this.#state.conversations.forget(id)
        void evictConversation(id)
      }
      this.#showTemplate(gone ? 'conversations/missing' : 'conversations/failed')
      if (!(error instanceof Problem)) throw error
    } finally {
      clearTimeout(slow)
      clearTimeout(verySlow)
    }
  }

  /** @param at when it was loaded, of an offline copy */
  async #show({ conversation, messages, pins }: Loaded, at?: string): Promise<void> {
    const { signal } = this.#loading
    this.#state.conversations.put(conversation)
    if (this.#drawn.is(conversation.id)) await breathe()
    if (signal.aborted || this.#drawn.isSent) return
    const beside = this.#details && hasRoomForDetails.matches
    const isAdopted = this.#drawn.is(conversation.id) && !at
    // A reader quicker than the script keeps the focus where they put it.
    const busy = isAdopted ? document.activeElement !== document.body : this.#isBusyElsewhere
    if (isAdopted) this.#drawn.takeOver()
    else this.#draw({ conversation, messages, pins })
    const shown = { messages, pins, firstUnreadId: conversation.first_unread_id }
    this.open = new OpenConversation(this.#stateOf(conversation), shown, this.#state)
    if (this.#isBehind) void this.open.catchUp()
    this.#loadedAt = at
    showLoadedAt(at)
    if (beside) await this.showDetails(false)
    this.#cache()
    if (!busy) this.#focus()
  }

  #draw({ conversation, messages, pins }: Loaded): void {
    this.#drawn.leave()
    const items = arrange(logOf(conversation, messages), reader)
    this.#showTemplate('conversations/open', { conversation, items, pins })
  }

  /** Shows the offline copy. @returns whether the conversation is on screen */
  async #showCached(id: number, signal: AbortSignal): Promise<boolean> {
    if (this.open?.id === id) return true
    const kept = await cachedConversation(id)
    if (!kept || signal.aborted || this.open?.id === id) return this.open?.id === id
    if (this.#drawn.isNewerThan(kept.messages)) return true
    const { conversation, at } = kept
    // The list may be newer, except for the members.
    const known = this.#state.conversations.get(id) ?? conversation
    await this.#show({ ...kept, conversation: { ...known, members: conversation.members ?? [] } }, at)
    return true
  }

  /** Brings the offline copy on screen up to date. */
  async #renew(): Promise<void> {
    this.#loadedAt = undefined
    showLoadedAt(undefined)
    await this.open?.catchUp()
  }

  /** Saves the open conversation for reading it offline. */
  #cache(): void {
    const { open } = this
    const messages = open?.newest
    if (!open || !messages || !this.#state.conversations.get(open.id)) return
    const at = this.#loadedAt ?? this.#lostAt ?? new Date().toISOString()
    void cacheConversation({ conversation: open.conversation(), messages, pins: open.pins, at })
  }

  /** The open conversation if it is this one. If it is still loading, it will catch up. */
  at(id: number): OpenConversation | undefined {
    if (this.open?.id === id) return this.open
    this.#isBehind ||= id === this.navigation.id
    return undefined
  }

  connected(connected: boolean): void {
    if (connected) this.#lostAt = undefined
    else this.#lostAt ??= new Date().toISOString()
  }

  /** The open conversation was deleted, or the reader is no longer its member. */
  gone(): void {
    this.#loading.abort()
    this.#showTemplate('conversations/removed')
    onPageEntry(() => history.replaceState(history.state, '', '/wiadomosci'))
  }

  refresh(): void {
    this.open?.refresh()
    this.#details?.draw()
  }

  async toggleDetails(): Promise<void> {
    if (this.#details) this.#details.close()
    else await this.showDetails(true)
  }

  /** Closes the details where they lie over the conversation. */
  uncover(): void {
    if (!hasRoomForDetails.matches) this.#details?.close()
  }

  async openShared(): Promise<void> {
    const { openShared } = await import('./shared/shared.ts')
    if (this.open && !document.querySelector('dialog[open]')) openShared(this.open, () => this.uncover())
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

  #showLoading(id: number, failed = false): void {
    if (this.open?.id === id) return
    const conversation = this.#state.conversations.get(id)
    this.#showTemplate('conversations/loading', { conversation, failed, waiting: true })
  }

  #showTemplate<Name extends TemplateName>(template: Name, ...given: Given<NoInfer<Name>>): void {
    this.#cache()
    this.open?.close()
    this.open = undefined
    this.#loadedAt = undefined
    this.#details?.close()
    this.#main.innerHTML = render(template, ...given)
    this.#app.classList.toggle('app--open', template !== 'conversations/choose')
  }

  #enter(messageId: number | undefined): void {
    this.#app.classList.add('app--open')
    this.open?.enter()
    if (messageId) this.open?.show(messageId)
    else this.#focus()
  }

  /** Loading may have taken so long that the reader is typing somewhere else by now. */
  get #isBusyElsewhere(): boolean {
    const focused = document.activeElement
    return Boolean(focused?.closest('dialog, input') && !this.#main.contains(focused))
  }

  // On a touch screen the keyboard would cover half of the conversation.
  #focus(): void {
    if (matchMedia('(pointer: fine)').matches) this.open?.focus()
    else this.#main.focus({ preventScroll: true })
  }
}
