import type { Conversation } from '../../server/contract/conversations.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import { arrange, type LogItem, type Shown } from '../../views/messages/arrange.ts'
import { isClosed } from '../../views/polls/words.ts'
import { type Drawn, draw } from '../keyed.ts'
import { element, reader } from '../page.ts'
import { Closing } from '../polls/closing.ts'
import { render } from '../render.ts'
import { fillPlayers } from '../voice/late-players.ts'
import { Stretch } from './stretch.ts'

/** Draws the loaded stretch of the open conversation, and the outbox below it. */
export class MessageLog {
  readonly stretch: Stretch
  /** The divider stands above this message. */
  firstUnreadId: number | null
  /** The id of the newest drawn message. */
  drawnUpTo = 0
  #conversation: () => Conversation
  #outgoing: () => Shown[]
  #items = element('log-items')
  #closing: Closing

  constructor(
    conversation: () => Conversation,
    page: MessagePage,
    firstUnreadId: number | null,
    outgoing: () => Shown[],
    signal: AbortSignal,
  ) {
    this.#closing = new Closing(() => this.draw(), signal)
    this.#conversation = conversation
    this.#outgoing = outgoing
    this.stretch = new Stretch(page)
    this.firstUnreadId = firstUnreadId
  }

  /** @returns the nodes that were added */
  draw(): HTMLElement[] {
    const added = draw(this.#items, this.#drawn())
    fillPlayers(this.#items)
    return added
  }

  #drawn(): Drawn[] {
    const { is_group: isGroup, members = [] } = this.#conversation()
    const { hasOlder, hasNewer, messages, early } = this.stretch
    this.drawnUpTo = messages.at(-1)?.id ?? 0
    const mine = early.filter((message) => message.sender_id === reader.me?.id)
    const sent = new Set([...messages, ...mine].map((message) => message.client_id))
    const outgoing = hasNewer ? [] : this.#outgoing().filter((each) => !sent.has(each.client_id))
    const shown = [...messages, ...mine, ...outgoing]
    this.#closing.watch(shown)
    const log = { messages: shown, hasOlder, hasNewer, isGroup, members, firstUnreadId: this.firstUnreadId }
    return arrange(log, reader).map((item) => ({ key: item.key, html: htmlOf(item) }))
  }
}

const drawn = new WeakMap<Message, { as: string; html: string }>()

// Every change redraws the whole log, but the template runs only for messages that look different.
function htmlOf(item: LogItem): string {
  if (item.template !== 'messages/message') return render(item.template, { item })
  const { message, mine, first, last, named, receipt, readers } = item
  const seen = readers.map((member) => `${member.user_id}${member.display_name}`)
  const isToday = reader.clock.daysAgo(message.created_at) === 0
  const closed = message.poll && isClosed(message.poll)
  const as = [mine, first, last, named, isToday, closed, ...Object.values(receipt ?? {}), ...seen].join()
  const known = drawn.get(message)
  if (known?.as === as) return known.html
  const html = render(item.template, { item })
  drawn.set(message, { as, html })
  return html
}
