import type { Conversation, Events, Message, MessagePage } from '../../server/live/events.ts'
import { arrange, type Log, type LogItem, logOf, type Shown } from '../../views/messages/arrange.ts'
import { api } from '../api.ts'
import { adopt, type Drawn, draw } from '../keyed.ts'
import { element, reader } from '../page.ts'
import { render } from '../render.ts'
import { type ChangeName, changed } from './changes.ts'

const MOST = 300
const KEPT = 150

/** The messages of the open conversation that are loaded, and their drawing. */
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

  /** Takes over what the server drew. */
  adopt(): void {
    adopt(this.#items, this.#drawn())
  }

  /** @returns the nodes that were not there before */
  draw(): HTMLElement[] {
    return draw(this.#items, this.#drawn())
  }

  /** Puts messages in, each once and its newest state; gives back those that were not known. */
  merge(messages: Message[]): Message[] {
    const known = new Map(this.#state.messages.map((message) => [message.id, message]))
    const fresh = messages.filter((message) => !known.has(message.id))
    for (const message of messages)
      if (message.seq >= (known.get(message.id)?.seq ?? 0)) known.set(message.id, message)
    this.#state.messages = [...known.values()].sort((a, b) => a.id - b.id)
    return fresh
  }

  /** Puts the newer state of a message in, if it is among those loaded; what is older has its place later. */
  update(message: Message): void {
    if (message.id >= (this.oldest?.id ?? 0)) this.merge([message])
  }

  change<Name extends ChangeName>(name: Name, event: Events[Name]): void {
    this.#state.messages = this.#state.messages.map((message) => changed(message, name, event))
  }

  async loadOlder(signal: AbortSignal): Promise<Message[]> {
    const before_id = this.oldest?.id
    if (before_id === undefined) return []
    const page = await api.messages(this.#conversation().id, { before_id }, signal)
    this.#state.hasMore = page.has_more
    return page.messages
  }

  /** What came while nobody listened: the newer ones, or the newest page afresh when they are too many. */
  async loadNewer(signal: AbortSignal): Promise<Message[]> {
    const { id } = this.#conversation()
    const after_id = this.newest?.id
    const page = await api.messages(id, after_id ? { after_id, limit: 100 } : {}, signal)
    if (!after_id) this.#state.hasMore = page.has_more
    if (!after_id || !page.has_more) return page.messages
    const newest = await api.messages(id, {}, signal)
    this.#state.messages = []
    this.#state.hasMore = newest.has_more
    return newest.messages
  }

  /** Lets go of the far end, so that a day's reading does not fill the memory. */
  trim(): void {
    if (this.#state.messages.length <= MOST) return
    this.#state.messages = this.#state.messages.slice(-KEPT)
    this.#state.hasMore = true
  }

  #drawn(): Drawn[] {
    const conversation = this.#conversation()
    const sent = new Set(this.#state.messages.map((message) => message.client_id))
    const messages = [
      ...this.#state.messages,
      ...this.#outgoing().filter((each) => !sent.has(each.client_id)),
    ]
    const log = { ...this.#state, messages, members: conversation.members ?? [] }
    return arrange(log, reader).map((item) => ({ key: item.key, html: htmlOf(item) }))
  }
}

const drawn = new WeakMap<Message, { as: string; html: string }>()

// Every change draws the whole log; only a message that looks different has its template run.
function htmlOf(item: LogItem): string {
  if (item.template !== 'messages/message') return render(item.template, { item })
  const { message, mine, first, last, named, receipt } = item
  const as = [mine, first, last, named, receipt].join()
  const known = drawn.get(message)
  if (known?.as === as) return known.html
  const html = render(item.template, { item })
  drawn.set(message, { as, html })
  return html
}
