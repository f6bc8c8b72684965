import type { Events } from '../../server/contract/events.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { type ChangeName, changed } from './changes.ts'

/** Keep memory bounded however long the page stays open. */
const bounds = {
  /** Beyond this the far end is dropped, down to `kept`. */
  maxLoaded: 450,
  kept: 300,
  /** Those who follow the newest need little history. */
  maxAtEnd: 200,
  keptAtEnd: 150,
  /** New messages that wait for earlier ones that are missing. */
  maxPending: 100,
}

/**
 * A part of a conversation that is known to have no holes, ascending by id. What does not join it is not added.
 *
 * Two facts guarantee that. Pages from the server have no holes, so a page joins at the message it was requested by. And
 * `seq` numbers all changes of a conversation: everything loaded is as it was at `seq` or later, and if the end is loaded,
 * nothing sent by then is missing. So a change with the next number joins; after any other the stretch is behind until
 * `addChanges` fills the gap.
 */
export class Stretch {
  #messages: readonly Message[] = []
  #hasOlder = false
  #hasNewer = false
  #seq = 0
  #latestSeq = 0
  #newestId = 0
  #pending: Message[] = []
  #bounds: typeof bounds

  constructor(page: MessagePage, limits = bounds) {
    this.#bounds = limits
    this.replace(page)
  }

  get messages(): readonly Message[] {
    return this.#messages
  }

  get oldest(): Message | undefined {
    return this.#messages[0]
  }

  get newest(): Message | undefined {
    return this.#messages.at(-1)
  }

  get hasOlder(): boolean {
    return this.#hasOlder
  }

  get hasNewer(): boolean {
    return this.#hasNewer
  }

  /** All changes up to this number are known. */
  get seq(): number {
    return this.#seq
  }

  /** A change is known to be missing. */
  get isBehind(): boolean {
    return this.#latestSeq > this.#seq
  }

  /** Messages beyond the end that cannot join yet, because earlier ones are missing. */
  get early(): readonly Message[] {
    return this.#hasNewer ? [] : this.#pending.filter((message) => this.#isBeyond(message))
  }

  find(id: number): Message | undefined {
    return this.#messages.find((message) => message.id === id)
  }

  isNews(message: Message): boolean {
    return message.id > this.#newestId
  }

  /** Whether everything between this message and the loaded part is loaded. */
  reaches(id: number): boolean {
    return !this.#hasOlder || (this.oldest?.id ?? 0) <= id + 1
  }

  /** Starts over with the newest page, or one around a message. */
  replace(page: MessagePage): void {
    this.#messages = page.messages
    this.#hasOlder = page.has_more
    this.#hasNewer = page.has_newer ?? false
    this.#seq = page.seq
    this.#join()
  }

  /** @returns false, and adds nothing, when the page before this message does not join */
  addOlder(beforeId: number, page: MessagePage): boolean {
    if (this.oldest?.id !== beforeId) return false
    this.#messages = [...page.messages, ...this.#messages]
    this.#hasOlder = page.has_more
    this.#seq = Math.min(this.#seq, page.seq)
    this.#join()
    if (this.#messages.length > this.#bounds.maxLoaded) this.#cutNewer(this.#bounds.kept)
    return true
  }

  /** @returns false, and adds nothing, when the page after this message does not join */
  addNewer(afterId: number, page: MessagePage): boolean {
    if (this.newest?.id !== afterId) return false
    this.#messages = [...this.#messages, ...page.messages]
    this.#hasNewer = page.has_more
    this.#seq = Math.min(this.#seq, page.seq)
    this.#join()
    if (this.#messages.length > this.#bounds.maxLoaded) this.#cutOlder(this.#bounds.kept)
    return true
  }

  /** @returns false, and adds nothing, when changes before these are missing */
  addChanges(afterSeq: number, { messages, seq }: Pick<MessagePage, 'messages' | 'seq'>): boolean {
    if (afterSeq > this.#seq) return false
    for (const message of messages) this.#update(message)
    for (const message of messages.toSorted((a, b) => a.id - b.id)) this.#append(message)
    this.#seq = Math.max(this.#seq, seq)
    this.#join()
    return true
  }

  /** A new or changed message. */
  receive(message: Message): void {
    this.#update(message)
    const others = this.#pending.filter(({ id }) => id !== message.id)
    if (this.#isBeyond(message)) this.#pending = [...others, message].slice(-this.#bounds.maxPending)
    this.#newestId = Math.max(this.#newestId, message.id)
    this.#advance(message.seq)
  }

  /** The conversation has changes up to this number. */
  expectSeq(seq: number): void {
    this.#latestSeq = Math.max(this.#latestSeq, seq)
  }

  /** A partial change of a message, loaded or not; applied only when it is the next one. */
  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    if (event.seq === this.#seq + 1)
      this.#messages = this.#messages.map((message) => changed(message, name, event))
    this.#advance(event.seq)
  }

  /** Optimistic; overwritten by what the server says later. */
  patch(id: number, change: (message: Message) => Message): void {
    this.#messages = this.#messages.map((message) => (message.id === id ? change(message) : message))
  }

  /**
   * Stars take no `seq`: this is how they were when it was asked, by then or later. What changed meanwhile is newer.
   * @param asked the messages as they were then
   */
  setStars(asked: readonly Message[], starredIds: readonly number[]): void {
    const starred = new Set(starredIds)
    const before = new Map(asked.map(({ id, is_starred = false }) => [id, is_starred]))
    this.#messages = this.#messages.map((message) => {
      const { id, is_starred = false } = message
      const isDue = before.get(id) === is_starred && starred.has(id) !== is_starred
      return isDue ? { ...message, is_starred: !is_starred } : message
    })
  }

  /** Drops what is far above the end. */
  trim(): void {
    const { maxAtEnd, keptAtEnd } = this.#bounds
    if (!this.#hasNewer && this.#messages.length > maxAtEnd) this.#cutOlder(keptAtEnd)
  }

  #cutNewer(count: number): void {
    this.#messages = this.#messages.slice(0, count)
    this.#hasNewer = true
  }

  #cutOlder(count: number): void {
    this.#messages = this.#messages.slice(-count)
    this.#hasOlder = true
  }

  #isBeyond({ id }: Message): boolean {
    return id > (this.newest?.id ?? 0)
  }

  #update(message: Message): void {
    const known = this.find(message.id)
    if (known && message.seq >= known.seq) this.patch(message.id, () => message)
  }

  #append(message: Message): void {
    if (this.#hasNewer || !this.#isBeyond(message)) return
    if (this.#messages.length < this.#bounds.maxLoaded) this.#messages = [...this.#messages, message]
    else this.#hasNewer = true
  }

  #advance(seq: number): void {
    this.expectSeq(seq)
    this.#join()
    if (seq === this.#seq + 1) this.#seq = seq
    this.#join()
  }

  /** Adds pending messages whose turn has come. */
  #join(): void {
    const next = () => this.#pending.find((message) => message.seq === this.#seq + 1)
    for (let message = next(); message; message = next()) {
      this.#update(message)
      this.#append(message)
      this.#seq = message.seq
    }
    this.#newestId = Math.max(this.#newestId, this.newest?.id ?? 0)
  }
}
