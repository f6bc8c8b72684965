import type { Conversation, Member } from '../../server/contract/conversations.ts'
import type { Events } from '../../server/contract/events.ts'
import { limits } from '../../server/contract/limits.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { Pin } from '../../server/contract/pins.ts'
import { actionsFor } from '../../views/messages/actions.ts'
import { nameIn } from '../../views/messages/mentions.ts'
import { Composer } from '../composer/composer.ts'
import type { Draft } from '../composer/drafts.ts'
import { drawHead } from '../conversations/head.ts'
import { showNotice } from '../notice.ts'
import { element, reader } from '../page.ts'
import type { Person } from '../people/card.ts'
import { PinnedBar } from '../pins/pinned-bar.ts'
import { followPollKeys } from '../polls/keys.ts'
import { asWanted, noteVotes } from '../polls/vote.ts'
import { rove } from '../roving.ts'
import type { State } from '../state.ts'
import { TypingNotifier } from '../typing/typing-notifier.ts'
import type { ChangeName } from './changes.ts'
import { editMessage, undoEdit } from './edit.ts'
import type { Host } from './host.ts'
import { MessageLog } from './log.ts'
import { followLog } from './log-events.ts'
import type { Outgoing } from './outgoing.ts'
import { withOwn } from './own.ts'
import { followPrint } from './print.ts'
import { savedPosition, savePosition } from './saved-position.ts'
import { View } from './view.ts'

/** All of it just loaded. */
interface Opened {
  messages: MessagePage
  pins: Pin[]
  firstUnreadId: number | null
}

export class OpenConversation implements Host {
  readonly id: number
  readonly state: State
  readonly conversation: () => Conversation
  /** A message is new or has changed: that one, where it is known. */
  onChange: (messageId: number, message: Message | undefined) => void = () => {}
  #closing = new AbortController()
  #log: MessageLog
  #view: View
  #composer: Composer
  #pins: PinnedBar
  #typing: TypingNotifier

  /** @param conversation returns its current state */
  constructor(conversation: () => Conversation, { messages, pins, firstUnreadId }: Opened, state: State) {
    const { id, last_message } = conversation()
    const { signal } = this.#closing
    this.id = id
    this.state = state
    this.conversation = conversation
    this.#log = new MessageLog(conversation, messages, firstUnreadId, () => state.outbox.of(id), signal)
    this.#log.draw()
    const readUpTo = firstUnreadId ? firstUnreadId - 1 : (last_message?.id ?? 0)
    this.#view = new View(id, this.#log, readUpTo, signal)
    this.#view.paging.onCaughtUp = (changed, news) => this.#caughtUp(changed, news)
    this.#typing = new TypingNotifier(id)
    this.#composer = new Composer(id, this.#composing, signal)
    this.#pins = new PinnedBar(this, pins, signal)
    this.#begin(signal)
  }

  get #composing() {
    return {
      send: (draft: Draft) => this.#send(draft),
      edit: (edit: Draft) => editMessage(this, edit),
      editLast: () => this.#editLast(),
      poll: () => void this.#openPoll(),
      typing: (isTyping: boolean) => this.#notifyTyping(isTyping),
      mentionable: this.conversation().is_group ? () => this.#mentionable() : undefined,
    }
  }

  #begin(signal: AbortSignal): void {
    const log = element('log')
    rove(log, 'article', 'last', signal)
    followLog(log, this, signal)
    followPollKeys(log, signal)
    log.addEventListener('keydown', (event) => event.key === 'Escape' && this.focus(), { signal })
    void this.#view.land(savedPosition(this.id))
    followPrint(this.id, () => this.#log.stretch, signal)
    const keep = () => savePosition(this.id, this.#view.position)
    addEventListener('pagehide', keep, { signal })
    // A hidden tab may be discarded without a `pagehide`.
    document.addEventListener('visibilitychange', keep, { signal })
    const refused = this.state.outbox.refused(this.id)
    if (refused) this.#restoreDraft(refused)
  }

  /** Aborted when something else is shown in its place. */
  get closed(): AbortSignal {
    return this.#closing.signal
  }

  close(): void {
    savePosition(this.id, this.#view.position)
    this.#composer.saveDraft()
    this.#closing.abort()
  }

  focus(): void {
    this.#composer.focus()
  }

  messages(): readonly Message[] {
    return this.#log.stretch.messages
  }

  /** The newest page as the server would return it, when the end is loaded. */
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

  /** A new or changed message, from the stream or a response. */
  receive(message: Message): void {
    const { stretch } = this.#log
    const isMine = message.sender_id === reader.me?.id
    const isNews = stretch.isNews(message)
    const isWritten = message.kind !== 'system' && !message.forwarded_from
    if (!isNews) this.#pins.changed(message.id, this.find(message.id)?.is_pinned !== message.is_pinned)
    this.#view.makeRoom()
    const known = this.find(message.id)
    if (known) noteVotes(message)
    stretch.receive(asWanted(known ? withOwn(message, known) : message))
    // Writing marks everything before it as read; system lines and forwarded messages do not.
    if (isMine && isNews && isWritten) this.#view.reading.known(message.id)
    this.#view.received(isNews && !isMine ? [message] : [])
    this.onChange(message.id, message)
    this.#view.paging.checkForGap()
  }

  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    this.#log.stretch.change(name, event)
    this.#pins.changed(event.message_id, name === 'message_pinned')
    this.#view.draw()
    const isOfContent = name === 'message_edited' || name === 'message_deleted'
    if (isOfContent) this.onChange(event.message_id, this.find(event.message_id))
    this.#view.paging.checkForGap()
  }

  /** Read up to this message on another device; what the reader has left unread here stays so. */
  read(messageId: number): void {
    this.#view.reading.readElsewhere(messageId)
  }

  leaveUnread(id: number, where: 'here' | 'elsewhere'): () => void {
    return this.#view.leaveUnread(id, where)
  }

  /** Opened anew, while it is open. */
  enter(): void {
    this.#view.enter()
  }

  patch(id: number, change: (message: Message) => Message): void {
    this.#log.stretch.patch(id, change)
    this.#view.draw()
  }

  /** A member, or someone who wrote, reacted or was mentioned here and has left. */
  person(id: number): Person | undefined {
    const member = this.conversation().members?.find((each) => each.user_id === id)
    if (member) return { ...member, id }
    const message = this.messages().find((each) => each.sender_id === id)
    if (message) return message.sender
    const reaction = this.messages()
      .flatMap((each) => each.reactions)
      .find((each) => each.user_id === id)
    const name = reaction?.user_name ?? this.#mentionedName(id)
    return name === undefined ? undefined : { id, display_name: name, avatar_url: null }
  }

  #mentionedName(id: number): string | undefined {
    for (const { content } of this.messages()) {
      const name = nameIn(content, id)
      if (name !== undefined) return name
    }
    return undefined
  }

  reply(message: Message): void {
    this.#composer.reply(message)
  }

  edit(message: Message): void {
    this.#composer.edit(message)
  }

  editUnsent(client_id: string): void {
    for (const draft of this.#composer.takeDrafts()) this.state.outbox.addFailed(this.id, draft)
    this.#restoreDraft(client_id)
    this.#composer.focus()
  }

  /** A refused message goes back into the composer, unless that is in use: then it waits in the log. */
  refused({ client_id, ...entry }: Outgoing, edits: Message | undefined): void {
    if (edits) undoEdit(this, edits, entry)
    this.#restoreDraft(client_id)
  }

  #restoreDraft(client_id: string): void {
    const draft = this.#composer.isFree && this.state.outbox.remove(client_id)
    if (draft) this.#composer.restore(draft)
  }

  /** What is ready to be sent, but not now, leaves the composer. */
  take(): Draft | undefined {
    return this.#composer.take(true)
  }

  /** @returns whether the composer was free for it */
  putBack(draft: Draft): boolean {
    const isFree = this.#composer.isFree && !this.#closing.signal.aborted
    if (isFree) this.#composer.restore(draft)
    return isFree
  }

  get isFree(): boolean {
    return this.#composer.isFree
  }

  attach(files: File[]): void {
    this.#composer.attach(files)
  }

  /** @param text to be put where the caret is */
  addShared(files: File[], text: string): void {
    this.#composer.addShared(files, text)
    this.#composer.focus()
  }

  /** Redraws what may have changed: receipts, names, typing, the outbox. */
  refresh(): void {
    this.#view.draw()
    drawHead(this.conversation(), this.state)
  }

  catchUp(): Promise<void> {
    return this.#view.paging.catchUp()
  }

  #caughtUp(changed: Message[], news: Message[]): void {
    if (changed.length) this.#pins.refresh()
    for (const message of [...changed, ...news]) this.onChange(message.id, message)
    this.#view.received(news.filter((message) => message.sender_id !== reader.me?.id))
  }

  show(id: number): void {
    this.#view.show(id).catch(() => showNotice(reader.t('messages.change_failed')))
  }

  /** See `View.showFrom`. @throws Problem */
  showFrom(at: string): Promise<Message | null | undefined> {
    return this.#view.showFrom(at)
  }

  #send(draft: Draft): void {
    this.#typing.sent()
    this.state.outbox.send(this.id, draft, this.conversation().last_message?.created_at)
    void this.#view.toNewest()
  }

  async #openPoll(): Promise<void> {
    try {
      const { openPoll } = await import('../polls/ask.ts')
      openPoll(this.id, (message) => {
        this.receive(message)
        void this.#view.toNewest()
      })
    } catch {
      showNotice(reader.t('messages.change_failed'))
    }
  }

  #editLast(): void {
    const isEditable = (message: Message) => actionsFor(message, reader.me?.id).includes('edit')
    const last = this.messages().findLast(isEditable)
    if (last) this.edit(last)
  }

  /** The other members, loaded first where only some are known. */
  async #mentionable(): Promise<Member[]> {
    const { members = [], member_count } = this.conversation()
    if (members.length < member_count) await this.state.conversations.fetch(this.id)
    const { members: all = [] } = this.conversation()
    return all.filter(({ user_id, is_active }) => user_id !== reader.me?.id && is_active !== false)
  }

  #notifyTyping(isTyping: boolean): void {
    const { members = [], member_count } = this.conversation()
    const alone = members.every((each) => each.user_id === reader.me?.id)
    if (!alone && member_count <= limits.smallGroupMembers) this.#typing.typing(isTyping)
  }
}
