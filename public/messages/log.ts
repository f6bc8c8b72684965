import type { Conversation, Events, Message, MessagePage } from '../../server/live/events.ts'
import { arrange, type Log, type LogItem, logOf, type Shown } from '../../views/messages/arrange.ts'
import { adopt, type Drawn, draw } from '../keyed.ts'
import { element, reader } from '../page.ts'
import { render } from '../render.ts'
import { type ChangeName, changed } from './changes.ts'

const MOST = 300
const KEPT = 150

/** The messages of the open conversation that are loaded, one stretch without gaps, and their drawing. */
export class MessageLog {
  #conversation: () => Conversation
  #outgoing: () => Shown[]
  #state: Log
  #items = element('log-items')

  constructor(conversation: () => Conversation, page: MessagePage, outgoing: () => Shown[]) {
    this.#conversation = conversation
    this.#outgoing = outgoing
    this.#state = logOf(conversation(), page, reader.me?.id ?? 0)
  }

  get newest(): Message | undefined {
    return this.#state.messages.at(-1)
  }

  get oldest(): Message | undefined {
    return this.#state.messages[0]
  }

  get hasMore(): boolean {
    return this.#state.hasMore
  }

  /** The newest message is not among those loaded. */
  get hasNewer(): boolean {
    return this.#state.hasNewer
  }

  /** The number of the newest change these messages can be known to have. */
  get seq(): number {
    return Math.max(0, ...this.#state.messages.map((message) => message.seq))
  }

  get messages(): readonly Message[] {
    return this.#state.messages
  }

  find(id: number): Message | undefined {
    return this.#state.messages.find((message) => message.id === id)
  }

  /** Takes over what the server drew. */
  adopt(): void {
    adopt(this.#items, this.#drawn())
  }

  /** @returns the nodes that were not there before */
  draw(): HTMLElement[] {
    return draw(this.#items, this.#drawn())
  }

  /** Messages that have just come: at the end, or nowhere while the end is not loaded. @returns the unknown ones */
  receive(messages: Message[]): Message[] {
    const known = this.newest?.id ?? 0
    const fresh = messages.filter((message) => message.id > known)
    this.merge(this.hasNewer ? messages.filter((message) => message.id <= known) : messages)
    return fresh
  }

  /** Puts messages in, each once and its newest state. */
  merge(messages: Message[]): void {
    const known = new Map(this.#state.messages.map((message) => [message.id, message]))
    for (const message of messages)
      if (message.seq >= (known.get(message.id)?.seq ?? 0)) known.set(message.id, message)
    this.#state.messages = [...known.values()].sort((a, b) => a.id - b.id)
  }

  /** Puts the newer state of messages in, of those that are loaded. */
  update(messages: Message[]): void {
    this.merge(messages.filter((message) => this.find(message.id)))
  }

  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    this.#state.messages = this.#state.messages.map((message) => changed(message, name, event))
  }

  /** Shows a change before the server has made it; events that follow win. */
  patch(id: number, change: (message: Message) => Message): void {
    this.#state.messages = this.#state.messages.map((message) =>
      message.id === id ? change(message) : message,
    )
  }

  addOlder(page: MessagePage): void {
    this.merge(page.messages)
    this.#state.hasMore = page.has_more
    if (this.#state.messages.length <= MOST + KEPT) return
    this.#state.messages = this.#state.messages.slice(0, MOST)
    this.#state.hasNewer = true
  }

  addNewer(page: MessagePage): void {
    this.merge(page.messages)
    this.#state.hasNewer = page.has_more
    if (this.#state.messages.length > MOST + KEPT) this.#cut(MOST)
  }

  /** Another stretch of the conversation instead of this one. */
  replace(page: MessagePage): void {
    const { readUpTo } = this.#state
    this.#state = { ...logOf(this.#conversation(), page, reader.me?.id ?? 0), readUpTo }
  }

  /** Lets go of the far end, so that a day's reading does not fill the memory. */
  trim(): void {
    if (this.#state.messages.length > MOST) this.#cut(KEPT)
  }

  #cut(kept: number): void {
    this.#state.messages = this.#state.messages.slice(-kept)
    this.#state.hasMore = true
  }

  #drawn(): Drawn[] {
    const { members = [] } = this.#conversation()
    const sent = new Set(this.#state.messages.map((message) => message.client_id))
    const outgoing = this.hasNewer ? [] : this.#outgoing().filter((each) => !sent.has(each.client_id))
    const log = { ...this.#state, messages: [...this.#state.messages, ...outgoing], members }
    return arrange(log, reader).map((item) => ({ key: item.key, html: htmlOf(item) }))
  }
}

const drawn = new WeakMap<Message, { as: string; html: string }>()

// Every change draws the whole log; only a message that looks different has its template run.
function htmlOf(item: LogItem): string {
  if (item.template !== 'messages/message') return render(item.template, { item })
  const { message, mine, first, last, named, receipt, readers } = item
  const seen = readers.map((member) => `${member.user_id}${member.display_name}`)
  const as = [mine, first, last, named, ...Object.values(receipt ?? {}), ...seen].join()
  const known = drawn.get(message)
  if (known?.as === as) return known.html
  const html = render(item.template, { item })
  drawn.set(message, { as, html })
  return html
}
