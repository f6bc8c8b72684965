import type { Conversation } from '../server/live/events.ts'
import { arrange, logOf } from '../views/messages/arrange.ts'
import { api, Problem } from './api.ts'
import type { Conversations } from './conversations/conversations.ts'
import { OpenConversation } from './messages/open-conversation.ts'
import type { Outbox } from './messages/outbox.ts'
import { drawnInMyZone, element, page, reader } from './page.ts'
import { render, type TemplateName } from './render.ts'

const PATIENCE = 200

/** The right half: a conversation, or what is to be said instead of one. */
export class Panel {
  open: OpenConversation | undefined
  #conversations: Conversations
  #outbox: Outbox
  #app = element('app')
  #main = element('main')
  #loading = new AbortController()

  constructor(conversations: Conversations, outbox: Outbox) {
    this.#conversations = conversations
    this.#outbox = outbox
    const { conversation, messages } = page
    if (!conversation || !messages) return
    this.#conversations.put(conversation)
    this.open = new OpenConversation(this.#stateOf(conversation), messages, outbox, drawnInMyZone)
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
      const answers = [api.conversation(id, signal), api.messages(id, {}, signal)] as const
      const [{ conversation }, messages] = await Promise.all(answers)
      if (signal.aborted) return
      this.#conversations.put(conversation)
      const items = arrange(logOf(conversation, messages, reader.me?.id ?? 0), reader)
      this.#place('conversations/open', { conversation, items })
      this.open = new OpenConversation(this.#stateOf(conversation), messages, this.#outbox, true)
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
    this.#place('conversations/missing')
  }

  #stateOf(conversation: Conversation): () => Conversation {
    return () => this.#conversations.get(conversation.id) ?? conversation
  }

  #wait(id: number): void {
    const conversation = this.#conversations.get(id)
    if (conversation) this.#place('conversations/loading', { conversation })
  }

  #place(template: TemplateName, data: object = {}, entered = true): void {
    this.open?.close()
    this.open = undefined
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
