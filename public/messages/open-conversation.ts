import type { Conversation, Events, Message, MessagePage } from '../../server/live/events.ts'
import { inOneLine } from '../../views/messages/words.ts'
import { Composer } from '../composer/composer.ts'
import type { Draft } from '../composer/drafts.ts'
import { element, reader } from '../page.ts'
import { render, toElement } from '../render.ts'
import { rove } from '../roving.ts'
import type { ChangeName } from './changes.ts'
import { Jump } from './jump.ts'
import { MessageLog } from './log.ts'
import type { Outbox } from './outbox.ts'
import { Reading } from './reading.ts'
import { Scroll } from './scroll.ts'

const NEAR = 800
/** Long enough to be noticed by a screen reader, gone before somebody walks into it. */
const READ_OUT = 1000

/** The conversation on the right, from its opening until another one is opened. */
export class OpenConversation {
  readonly id: number
  #conversation: () => Conversation
  #outbox: Outbox
  #closing = new AbortController()
  #log: MessageLog
  #scroll: Scroll
  #reading: Reading
  #jump: Jump
  #composer: Composer
  #loading = false

  /** @param conversation its state of the moment, as the list knows it */
  constructor(conversation: () => Conversation, page: MessagePage, outbox: Outbox, drawn: boolean) {
    const { id, members } = conversation()
    const { signal } = this.#closing
    this.id = id
    this.#conversation = conversation
    this.#outbox = outbox
    this.#log = new MessageLog(conversation, page, () => outbox.of(id))
    if (drawn) this.#log.adopt()
    this.#log.draw()
    this.#scroll = new Scroll(element('log'), element('log-items'), signal)
    this.#scroll.onMove = () => this.#moved()
    this.#reading = new Reading(
      id,
      members?.find((each) => each.user_id === reader.me?.id)?.last_read_message_id ?? null,
    )
    this.#jump = new Jump(() => this.#scroll.toBottom())
    this.#composer = new Composer(id, (draft) => this.#send(draft), signal)
    this.#begin(signal)
  }

  #begin(signal: AbortSignal): void {
    const log = element('log')
    rove(log, 'article', 'last', signal)
    log.addEventListener('click', (event) => this.#click(event), { signal })
    document.addEventListener('visibilitychange', () => this.#back(), { signal })
    const divider = log.querySelector('.unread-line')
    if (divider && divider.getBoundingClientRect().top < log.getBoundingClientRect().top)
      this.#scroll.to(divider)
    this.#moved()
  }

  close(): void {
    this.#composer.keep()
    this.#closing.abort()
  }

  focus(): void {
    this.#composer.focus()
  }

  /** Messages that came by the stream or with the answer to a request. */
  receive(messages: Message[]): void {
    const fresh = this.#log.merge(messages).filter((message) => message.sender_id !== reader.me?.id)
    if (this.#scroll.atBottom) this.#log.trim()
    const added = this.#draw()
    if (!this.#scroll.atBottom) this.#jump.add(fresh.length)
    if (this.#scroll.atBottom && added.length <= 2) for (const node of added) appear(node)
    if (fresh.length) announce(fresh)
    this.#moved()
  }

  update(message: Message): void {
    this.#log.update(message)
    this.#draw()
  }

  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    this.#log.change(name, event)
    this.#draw()
  }

  /** Draws again what may have changed: receipts, names, the outbox. */
  refresh(): void {
    this.#draw()
    const head = toElement(render('conversations/head', { conversation: this.#conversation() }))
    const old = document.querySelector('#conversation .head')
    if (old && old.outerHTML !== head.outerHTML) old.replaceWith(head)
  }

  async catchUp(): Promise<void> {
    const messages = await this.#log.loadNewer(this.#closing.signal)
    if (!this.#closing.signal.aborted) this.receive(messages)
  }

  #draw(): HTMLElement[] {
    let added: HTMLElement[] = []
    this.#scroll.hold(() => {
      added = this.#log.draw()
    })
    return added
  }

  #send(draft: Draft): void {
    this.#outbox.send(this.id, draft, this.#log.newest?.created_at)
    this.#scroll.toBottom()
  }

  #moved(): void {
    this.#jump.show(!this.#scroll.atBottom)
    this.#markRead()
    if (this.#scroll.fromTop < NEAR && this.#log.hasMore) void this.#older()
  }

  #markRead(): void {
    const newest = this.#log.newest
    if (newest && this.#scroll.atBottom && !document.hidden) this.#reading.seen(newest.id)
  }

  async #older(): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    try {
      const messages = await this.#log.loadOlder(this.#closing.signal)
      this.#log.merge(messages)
      if (!this.#closing.signal.aborted) this.#draw()
    } catch {
      // Scrolling on tries again.
      return
    } finally {
      this.#loading = false
    }
    if (!this.#closing.signal.aborted) this.#moved()
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element
    const link = target.closest<HTMLAnchorElement>('.text a')
    if (link) link.target = '_blank'
    const quote = target.closest<HTMLElement>('[data-reply-to]')
    if (quote) {
      event.preventDefault()
      this.#show(quote.dataset.replyTo as string)
    }
    const action = target.closest<HTMLElement>('[data-action]')?.dataset.action
    const client_id = target.closest<HTMLElement>('[data-client-id]')?.dataset.clientId
    if (action === 'retry' && client_id) this.#outbox.retry(client_id)
    if (action === 'discard' && client_id) this.#outbox.remove(client_id)
  }

  #show(messageId: string): void {
    const original = element('log').querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`)
    if (!original) return
    this.#scroll.to(original)
    original.focus({ preventScroll: true })
  }

  // A day may have ended meanwhile, and what lies in view is read now.
  #back(): void {
    if (document.hidden) return
    this.#draw()
    this.#markRead()
  }
}

function appear(node: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  node.animate(
    { opacity: [0, 1], transform: ['translateY(8px)', 'none'] },
    { duration: 140, easing: 'ease-out' },
  )
}

function announce(messages: Message[]): void {
  const [only, ...others] = messages
  const words = others.length
    ? reader.t('messages.new', { count: messages.length })
    : only && `${only.sender.display_name}: ${inOneLine(only, reader)}`
  const announcer = element('announcer')
  announcer.textContent = words ?? ''
  setTimeout(() => {
    announcer.textContent = ''
  }, READ_OUT)
}
