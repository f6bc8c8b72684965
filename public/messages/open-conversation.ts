import type { Conversation, Events, Message, MessagePage, Pin } from '../../server/live/events.ts'
import { actionsFor } from '../../views/messages/actions.ts'
import { Composer } from '../composer/composer.ts'
import type { Draft } from '../composer/drafts.ts'
import { drawHead } from '../conversations/head.ts'
import { tell } from '../notice.ts'
import { element, reader } from '../page.ts'
import { PinnedBar } from '../pins/pinned-bar.ts'
import { rove } from '../roving.ts'
import type { State } from '../state.ts'
import { TypingTeller } from '../typing/telling.ts'
import { announce, appear, light } from './appear.ts'
import type { ChangeName } from './changes.ts'
import { editMessage } from './edit.ts'
import type { Host } from './host.ts'
import { Jump } from './jump.ts'
import { MessageLog } from './log.ts'
import { followLog } from './log-events.ts'
import { Paging } from './paging.ts'
import { Reading } from './reading.ts'
import { Scroll } from './scroll.ts'

const NEAR = 800

/** The conversation on the right, from its opening until another one is opened. */
export class OpenConversation implements Host {
  readonly id: number
  readonly state: State
  readonly conversation: () => Conversation
  #closing = new AbortController()
  #log: MessageLog
  #paging: Paging
  #scroll: Scroll
  #reading: Reading
  #jump: Jump
  #composer: Composer
  #pins: PinnedBar
  #typing: TypingTeller

  /** @param conversation its state of the moment, as the list knows it */
  constructor(
    conversation: () => Conversation,
    { messages, pins }: { messages: MessagePage; pins: Pin[] },
    state: State,
    drawn: boolean,
  ) {
    const { id, members } = conversation()
    const { signal } = this.#closing
    this.id = id
    this.state = state
    this.conversation = conversation
    this.#log = new MessageLog(conversation, messages, () => state.outbox.of(id))
    if (drawn) this.#log.adopt()
    this.#log.draw()
    this.#paging = new Paging(id, this.#log, signal)
    this.#scroll = new Scroll(element('log'), element('log-items'), signal)
    this.#scroll.isEnd = () => !this.#log.hasNewer
    this.#scroll.onMove = () => this.#moved()
    this.#reading = new Reading(
      id,
      members?.find((each) => each.user_id === reader.me?.id)?.last_read_message_id ?? null,
    )
    this.#jump = new Jump(() => void this.#toNewest())
    this.#typing = new TypingTeller(id)
    this.#composer = new Composer(id, this.#composing, signal)
    this.#pins = new PinnedBar(this, pins, signal)
    this.#begin(signal)
  }

  get #composing() {
    return {
      send: (draft: Draft) => this.#send(draft),
      edit: (message: Message, draft: Draft) => void editMessage(this, message, draft),
      editLast: () => this.#editLast(),
      typing: (isTyping: boolean) => this.#tellTyping(isTyping),
    }
  }

  #begin(signal: AbortSignal): void {
    const log = element('log')
    rove(log, 'article', 'last', signal)
    followLog(log, this, signal)
    document.addEventListener('visibilitychange', () => this.#back(), { signal })
    const divider = log.querySelector('.unread-line')
    const above = divider && divider.getBoundingClientRect().top < log.getBoundingClientRect().top
    if (divider && (above || this.#log.hasNewer)) this.#scroll.to(divider)
    this.#moved()
  }

  close(): void {
    this.#composer.keep()
    this.#closing.abort()
  }

  focus(): void {
    this.#composer.focus()
  }

  messages(): readonly Message[] {
    return this.#log.messages
  }

  find(id: number): Message | undefined {
    return this.#log.find(id)
  }

  /** Messages that came by the stream or with the answer to a request. */
  receive(messages: Message[]): void {
    const fresh = this.#log.receive(messages).filter((message) => message.sender_id !== reader.me?.id)
    if (this.#scroll.atBottom) this.#log.trim()
    const added = this.#draw()
    if (!this.#scroll.atBottom) this.#jump.add(fresh.length)
    if (this.#scroll.atBottom && added.length <= 2) for (const node of added) appear(node)
    if (fresh.length) announce(fresh)
    this.#moved()
  }

  update(message: Message): void {
    this.#pins.changed(message.id, this.find(message.id)?.is_pinned !== message.is_pinned)
    this.#log.update([message])
    this.#draw()
  }

  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    this.#log.change(name, event)
    this.#pins.changed(event.message_id, name === 'message_pinned')
    this.#draw()
  }

  patch(id: number, change: (message: Message) => Message): void {
    this.#log.patch(id, change)
    this.#draw()
  }

  reply(message: Message): void {
    this.#composer.reply(message)
  }

  edit(message: Message): void {
    this.#composer.edit(message)
  }

  attach(files: File[]): void {
    this.#composer.attach(files)
    this.#composer.focus()
  }

  /** Draws again what may have changed: receipts, names, who types, the outbox. */
  refresh(): void {
    this.#draw()
    drawHead(this.conversation(), this.state)
  }

  async catchUp(): Promise<void> {
    this.#pins.refresh()
    const { messages } = await this.#paging.changes()
    if (this.#closing.signal.aborted) return
    this.#log.update(messages)
    // Far up, what is newer than what is loaded is not new for that.
    if (this.#log.hasNewer) this.#draw()
    else this.receive(messages)
  }

  show(id: number): void {
    void this.#show(id).catch(() => tell(reader.t('messages.change_failed')))
  }

  async #show(id: number): Promise<void> {
    const node = () => element('log').querySelector<HTMLElement>(`[data-message-id="${id}"]`)
    if (!node()) {
      if (!(await this.#paging.jump({ around_id: id }))) return
      this.#log.draw()
    }
    const original = node()
    if (!original) return tell(reader.t('messages.gone'))
    this.#scroll.to(original)
    original.focus({ preventScroll: true })
    light(original)
  }

  #draw(): HTMLElement[] {
    let added: HTMLElement[] = []
    this.#scroll.hold(() => {
      added = this.#log.draw()
    })
    return added
  }

  #send(draft: Draft): void {
    this.#typing.sent()
    this.state.outbox.send(this.id, draft, this.conversation().last_message?.created_at)
    void this.#toNewest()
  }

  #editLast(): void {
    const may = (message: Message) => actionsFor(message, reader.me?.id).includes('edit')
    const last = this.#log.messages.findLast(may)
    if (last) this.edit(last)
  }

  #tellTyping(isTyping: boolean): void {
    const { members = [], member_count } = this.conversation()
    const alone = members.every((each) => each.user_id === reader.me?.id)
    if (!alone && member_count <= 100) this.#typing.typing(isTyping)
  }

  async #toNewest(): Promise<void> {
    if (this.#log.hasNewer) {
      try {
        if (!(await this.#paging.jump())) return
      } catch {
        return tell(reader.t('messages.change_failed'))
      }
      this.#log.draw()
    }
    this.#scroll.toBottom()
    this.#moved()
  }

  #moved(): void {
    this.#jump.show(!this.#scroll.atBottom)
    this.#markRead()
    if (this.#scroll.fromTop < NEAR) void this.#page(this.#paging.older())
    if (this.#scroll.fromBottom < NEAR) void this.#page(this.#paging.newer())
  }

  async #page(page: Promise<boolean>): Promise<void> {
    if (!(await page) || this.#closing.signal.aborted) return
    this.#draw()
    this.#moved()
  }

  #markRead(): void {
    const newest = this.#log.newest
    if (!newest || document.hidden || this.#reading.upTo >= newest.id) return
    this.#reading.seen(this.#scroll.atBottom ? newest.id : this.#scroll.lastInView)
  }

  // A day may have ended meanwhile, and what lies in view is read now.
  #back(): void {
    if (document.hidden) return
    this.#draw()
    this.#markRead()
  }
}
