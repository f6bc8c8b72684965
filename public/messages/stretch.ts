import type { Events } from '../../server/contract/events.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { type ChangeName, changed } from './changes.ts'

/** So that a day's reading does not fill the memory. */
const bounds = {
  /** Of more than this the far end is let go of. */
  maxLoaded: 450,
  kept: 300,
  /** Whoever follows the newest needs little of what was before. */
  maxAtEnd: 200,
  keptAtEnd: 150,
  /** New messages that wait for what is missing before them. */
  maxHeard: 100,
}

/**
 * A part of a conversation that is known to have no holes: messages ascending by id. What does not join is not added.
 *
 * Two facts make it known. The server's pages have no holes, so a page joins at the message it was asked for by. And
 * `seq` numbers all changes of a conversation: everything loaded is as it was at `seq` or later, and where the end is
 * loaded, nothing is missing that was sent by then. So a change with the next number joins, and after any other the
 * stretch is behind until `addChanges` brings what is missing.
 */
export class Stretch {
  #messages: readonly Message[] = []
  #hasOlder = false
  #hasNewer = false
  #seq = 0
  #heardSeq = 0
  #newestId = 0
  #heard: Message[] = []
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

  /** The conversation's end is not loaded. */
  get hasNewer(): boolean {
    return this.#hasNewer
  }

  /** The number up to which all changes are known. */
  get seq(): number {
    return this.#seq
  }

  /** Some change is not known. */
  get isBehind(): boolean {
    return this.#heardSeq > this.#seq
  }

  /** Messages after the end that cannot join yet: what comes before them is still missing. */
  get early(): readonly Message[] {
    return this.#hasNewer ? [] : this.#heard.filter((message) => this.#isBeyond(message))
  }

  find(id: number): Message | undefined {
    return this.#messages.find((message) => message.id === id)
  }

  /** Whether nothing was known of this message. */
  isNews(message: Message): boolean {
    return message.id > this.#newestId
  }

  /** Whether nothing that follows this message is missing above what is loaded. */
  reaches(id: number): boolean {
    return !this.#hasOlder || (this.oldest?.id ?? 0) <= id + 1
  }

  /** Another stretch instead: the newest page, or one around a message. */
  replace(page: MessagePage): void {
    this.#messages = page.messages
    this.#hasOlder = page.has_more
    this.#hasNewer = page.has_newer ?? false
    this.#seq = page.seq
    this.#join()
  }

  /** @returns false, and takes nothing, when the page before this message does not join */
  addOlder(beforeId: number, page: MessagePage): boolean {
    if (this.oldest?.id !== beforeId) return false
    this.#messages = [...page.messages, ...this.#messages]
    this.#hasOlder = page.has_more
    this.#seq = Math.min(this.#seq, page.seq)
    this.#join()
    if (this.#messages.length > this.#bounds.maxLoaded) this.#cutNewer(this.#bounds.kept)
    return true
  }

  /** @returns false, and takes nothing, when the page after this message does not join */
  addNewer(afterId: number, page: MessagePage): boolean {
    if (this.newest?.id !== afterId) return false
    this.#messages = [...this.#messages, ...page.messages]
    this.#hasNewer = page.has_more
    this.#seq = Math.min(this.#seq, page.seq)
    this.#join()
    if (this.#messages.length > this.#bounds.maxLoaded) this.#cutOlder(this.#bounds.kept)
    return true
  }

  /** @returns false, and takes nothing, when changes before these are missing */
  addChanges(afterSeq: number, { messages, seq }: Pick<MessagePage, 'messages' | 'seq'>): boolean {
    if (afterSeq > this.#seq) return false
    for (const message of messages) this.#update(message)
    for (const message of messages.toSorted((a, b) => a.id - b.id)) this.#append(message)
    this.#seq = Math.max(this.#seq, seq)
    this.#join()
    return true
  }

  /** A message as it was just sent or changed. */
  receive(message: Message): void {
    this.#update(message)
    const others = this.#heard.filter(({ id }) => id !== message.id)
    if (this.#isBeyond(message)) this.#heard = [...others, message].slice(-this.#bounds.maxHeard)
    this.#newestId = Math.max(this.#newestId, message.id)
    this.#hear(message.seq)
  }

  /** There are changes up to this number. */
  miss(seq: number): void {
    this.#heardSeq = Math.max(this.#heardSeq, seq)
  }

  /** A change of a message, loaded or not. It says only what is different: so it waits for what was before it. */
  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    if (event.seq === this.#seq + 1)
      this.#messages = this.#messages.map((message) => changed(message, name, event))
    this.#hear(event.seq)
  }

  /** Shows a change before the server has made it; what is heard of it later wins. */
  patch(id: number, change: (message: Message) => Message): void {
    this.#messages = this.#messages.map((message) => (message.id === id ? change(message) : message))
  }

  /** Lets go of what is far above the end. */
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

  #hear(seq: number): void {
    this.miss(seq)
    this.#join()
    if (seq === this.#seq + 1) this.#seq = seq
    this.#join()
  }

  /** Adds the messages heard of whose turn has come. */
  #join(): void {
    const next = () => this.#heard.find((message) => message.seq === this.#seq + 1)
    for (let message = next(); message; message = next()) {
      this.#update(message)
      this.#append(message)
      this.#seq = message.seq
    }
    this.#newestId = Math.max(this.#newestId, this.newest?.id ?? 0)
  }
}
