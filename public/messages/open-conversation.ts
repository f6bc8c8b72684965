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
import { announce, appear } from './appear.ts'
import type { ChangeName } from './changes.ts'
import { editMessage } from './edit.ts'
import type { Host } from './host.ts'
import { MessageLog } from './log.ts'
import { followLog } from './log-events.ts'
import { View } from './view.ts'

/** The conversation on the right, from its opening until another one is opened. */
export class OpenConversation implements Host {
  readonly id: number
  readonly state: State
  readonly conversation: () => Conversation
  #closing = new AbortController()
  #log: MessageLog
  #view: View
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
    const me = members?.find((each) => each.user_id === reader.me?.id)
    this.#view = new View(id, this.#log, me?.last_read_message_id ?? null, signal)
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
    this.#view.land()
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
    if (this.#view.atBottom) this.#log.trim()
    const added = this.#view.draw()
    if (!this.#view.atBottom) this.#view.missed(fresh)
    else if (added.length <= 2) for (const node of added) appear(node)
    if (fresh.length) announce(fresh)
    this.#view.moved()
  }

  update(message: Message): void {
    this.#pins.changed(message.id, this.find(message.id)?.is_pinned !== message.is_pinned)
    this.#log.update([message])
    this.#view.draw()
  }

  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    this.#log.change(name, event)
    this.#pins.changed(event.message_id, name === 'message_pinned')
    this.#view.draw()
  }

  patch(id: number, change: (message: Message) => Message): void {
    this.#log.patch(id, change)
    this.#view.draw()
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
    this.#view.draw()
    drawHead(this.conversation(), this.state)
  }

  async catchUp(): Promise<void> {
    const { messages } = await this.#view.paging.changes()
    if (this.#closing.signal.aborted) return
    if (messages.length) this.#pins.refresh()
    this.#log.update(messages)
    // Far up, what is newer than what is loaded is not new for that.
    if (this.#log.hasNewer) this.#view.draw()
    else this.receive(messages)
  }

  show(id: number): void {
    this.#view.show(id).catch(() => tell(reader.t('messages.change_failed')))
  }

  #send(draft: Draft): void {
    this.#typing.sent()
    this.state.outbox.send(this.id, draft, this.conversation().last_message?.created_at)
    void this.#view.toNewest()
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
}
