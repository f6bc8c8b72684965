import type { Conversation } from '../../server/contract/conversations.ts'
import type { Events } from '../../server/contract/events.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { Pin } from '../../server/contract/pins.ts'
import { actionsFor } from '../../views/messages/actions.ts'
import { Composer } from '../composer/composer.ts'
import type { Draft } from '../composer/drafts.ts'
import { drawHead } from '../conversations/head.ts'
import { tell } from '../notice.ts'
import { element, reader } from '../page.ts'
import type { Person } from '../people/card.ts'
import { PinnedBar } from '../pins/pinned-bar.ts'
import { rove } from '../roving.ts'
import type { State } from '../state.ts'
import { TypingTeller } from '../typing/telling.ts'
import type { ChangeName } from './changes.ts'
import { editMessage, undoEdit } from './edit.ts'
import type { Host } from './host.ts'
import { MessageLog } from './log.ts'
import { followLog } from './log-events.ts'
import type { Outgoing } from './outgoing.ts'
import { keepPlace, placeIn } from './places.ts'
import { followPrint } from './print.ts'
import { View } from './view.ts'

/** What a conversation is opened with, all of it asked for just now. */
interface Opened {
  messages: MessagePage
  pins: Pin[]
  firstUnreadId: number | null
}

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
    { messages, pins, firstUnreadId }: Opened,
    state: State,
    drawn: boolean,
  ) {
    const { id, last_message } = conversation()
    const { signal } = this.#closing
    this.id = id
    this.state = state
    this.conversation = conversation
    this.#log = new MessageLog(conversation, messages, firstUnreadId, () => state.outbox.of(id))
    if (drawn) this.#log.adopt()
    this.#log.draw()
    const readUpTo = firstUnreadId ? firstUnreadId - 1 : (last_message?.id ?? 0)
    this.#view = new View(id, this.#log, readUpTo, signal)
    this.#view.paging.onCaughtUp = (changed, news) => this.#caughtUp(changed, news)
    this.#typing = new TypingTeller(id)
    this.#composer = new Composer(id, this.#composing, signal)
    this.#pins = new PinnedBar(this, pins, signal)
    this.#begin(signal)
  }

  get #composing() {
    return {
      send: (draft: Draft) => this.#send(draft),
      edit: (edit: Draft) => editMessage(this, edit),
      editLast: () => this.#editLast(),
      typing: (isTyping: boolean) => this.#tellTyping(isTyping),
    }
  }

  #begin(signal: AbortSignal): void {
    const log = element('log')
    rove(log, 'article', 'last', signal)
    followLog(log, this, signal)
    log.addEventListener('keydown', (event) => event.key === 'Escape' && this.focus(), { signal })
    void this.#view.land(placeIn(this.id))
    followPrint(this.id, () => this.#log.stretch, signal)
    const keep = () => keepPlace(this.id, this.#view.position)
    addEventListener('pagehide', keep, { signal })
    // A tab that is hidden may be discarded without another word.
    document.addEventListener('visibilitychange', keep, { signal })
    const refused = this.state.outbox.refused(this.id)
    if (refused) this.#giveBack(refused)
  }

  close(): void {
    keepPlace(this.id, this.#view.position)
    this.#composer.keep()
    this.#closing.abort()
  }

  focus(): void {
    this.#composer.focus()
  }

  messages(): readonly Message[] {
    return this.#log.stretch.messages
  }

  /** The page that one would open it with, when its end is loaded. */
  get newest(): MessagePage | undefined {
    const { hasNewer, hasOlder, messages, seq } = this.#log.stretch
    return hasNewer ? undefined : { messages: [...messages], has_more: hasOlder, next_cursor: null, seq }
  }

  get pins(): Pin[] {
    return this.#pins.all
  }

  refreshPins(): void {
    this.#pins.refresh()
  }

  find(id: number): Message | undefined {
    return this.#log.stretch.find(id)
  }

  /** A message as the stream or an answer has it: sent just now, or changed. */
  receive(message: Message): void {
    const { stretch } = this.#log
    const isMine = message.sender_id === reader.me?.id
    const isNews = stretch.isNews(message)
    const answers = message.kind === 'user' && !message.forwarded_from
    if (!isNews) this.#pins.changed(message.id, this.find(message.id)?.is_pinned !== message.is_pinned)
    this.#view.makeRoom()
    stretch.receive(message)
    // Whoever answers has read what was before; a name given to the group is no answer.
    if (isMine && isNews && answers) this.#view.reading.known(message.id)
    this.#view.came(isNews && !isMine ? [message] : [])
    this.#view.paging.settle()
  }

  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    this.#log.stretch.change(name, event)
    this.#pins.changed(event.message_id, name === 'message_pinned')
    this.#view.draw()
    this.#view.paging.settle()
  }

  /** It was read up to this message on another device. */
  read(messageId: number): void {
    this.#view.reading.known(messageId)
  }

  patch(id: number, change: (message: Message) => Message): void {
    this.#log.stretch.patch(id, change)
    this.#view.draw()
  }

  /** Whom a name in it stands for: a member, or somebody who wrote or reacted here and left. */
  person(id: number): Person | undefined {
    const member = this.conversation().members?.find((each) => each.user_id === id)
    if (member) return { ...member, id }
    const message = this.messages().find((each) => each.sender_id === id)
    if (message) return message.sender
    const reaction = this.messages()
      .flatMap((each) => each.reactions)
      .find((each) => each.user_id === id)
    return reaction && { id, display_name: reaction.user_name, avatar_url: null }
  }

  reply(message: Message): void {
    this.#composer.reply(message)
  }

  edit(message: Message): void {
    this.#composer.edit(message)
  }

  takeBack(client_id: string): void {
    for (const draft of this.#composer.empty()) this.state.outbox.hold(this.id, draft)
    this.#giveBack(client_id)
    this.#composer.focus()
  }

  /** What was not taken goes back into the composer, unless somebody writes there: then it waits in the log. */
  refused({ client_id, ...entry }: Outgoing, edits: Message | undefined): void {
    if (edits) undoEdit(this, edits, entry)
    this.#giveBack(client_id)
  }

  #giveBack(client_id: string): void {
    const draft = this.#composer.isFree && this.state.outbox.remove(client_id)
    if (draft) this.#composer.take(draft)
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

  catchUp(): Promise<void> {
    return this.#view.paging.catchUp()
  }

  #caughtUp(changed: Message[], news: Message[]): void {
    if (changed.length) this.#pins.refresh()
    this.#view.came(news.filter((message) => message.sender_id !== reader.me?.id))
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
    const last = this.messages().findLast(may)
    if (last) this.edit(last)
  }

  #tellTyping(isTyping: boolean): void {
    const { members = [], member_count } = this.conversation()
    const alone = members.every((each) => each.user_id === reader.me?.id)
    if (!alone && member_count <= limits.companyMembers) this.#typing.typing(isTyping)
  }
}
