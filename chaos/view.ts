import type { Conversation } from '../server/contract/conversations.ts'
import type { EventName, Events } from '../server/contract/events.ts'
import type { Message } from '../server/contract/messages.ts'

/** An event of the stream that belongs to a place in a conversation's sequence, or to none. */
export interface StreamEvent {
  event: EventName
  // biome-ignore lint/suspicious/noExplicitAny: its shape is its event's
  data: any
}

/** A message as the client has it. */
export interface Shown {
  seq: number
  content: string | null
  reactions: Set<string>
}

/** One conversation as a correct client keeps it: it remembers `seq`, and drops what it knows. */
export class Place {
  name: string | null = null
  #nameAt = -1
  readonly messages = new Map<number, Shown>()
  /** The highest number it was shown. */
  position: number
  /** Up to here the state was loaded: what of it comes on the stream is known. */
  #floor: number
  /** Numbers shown → the message they changed. */
  readonly #seen = new Map<number, number>()
  /** Numbers left out: right only when a later change took each of them over. */
  readonly skipped: number[] = []
  duplicates = 0
  /** Lower than one shown before, and not a duplicate; or the same number for something else. */
  disorders = 0

  constructor(position: number) {
    this.position = position
    this.#floor = position
  }

  load(conversation: Conversation, messages: Message[], seq: number): void {
    this.rename(conversation)
    for (const message of messages) this.messages.set(message.id, shownAs(message))
    this.#floor = Math.max(this.#floor, seq)
    this.position = Math.max(this.position, seq)
  }

  rename({ name, seq }: Conversation): void {
    if (seq < this.#nameAt) return
    this.name = name
    this.#nameAt = seq
  }

  /** The numbers up to `seq` are past. */
  advance(seq: number): void {
    for (let each = this.position + 1; each < seq; each++) this.skipped.push(each)
    this.position = Math.max(this.position, seq)
  }

  /** @returns whether it is new to the client */
  take({ event, data }: StreamEvent): boolean {
    const { seq } = data
    const id = data.message?.id ?? data.message_id
    if (!this.#isNew(seq, id)) return false
    this.advance(seq)
    this.#seen.set(seq, id)
    if (data.message) this.messages.set(id, shownAs(data.message))
    else this.#change(id, event, data)
    return true
  }

  #isNew(seq: number, id: number): boolean {
    const known = this.#seen.get(seq)
    if (known === undefined && seq > this.position) return true
    if (known === id || seq <= this.#floor) this.duplicates++
    else this.disorders++
    return false
  }

  #change(id: number, event: EventName, data: Events['message_edited'] & Events['reaction']): void {
    const message = this.messages.get(id)
    // A message it was never shown: the oracle finds that it is not there.
    if (!message) return
    message.seq = data.seq
    const reaction = `${data.user_id} ${data.emoji}`
    if (event === 'message_edited') message.content = data.new_content
    else if (event === 'message_deleted') Object.assign(message, { content: null, reactions: new Set() })
    else if (event === 'reaction' && data.action === 'add') message.reactions.add(reaction)
    else if (event === 'reaction') message.reactions.delete(reaction)
  }
}

const shownAs = ({ seq, content, reactions }: Message): Shown => ({
  seq,
  content,
  reactions: new Set(reactions.map(({ user_id, emoji }) => `${user_id} ${emoji}`)),
})

/** Everything a client shows. */
export class View {
  readonly places = new Map<number, Place>()
  /** In places that were loaded afresh since. */
  disorders = 0

  /** @param isNewHistory whether what was received before no longer counts */
  startAfresh(isNewHistory: boolean): void {
    this.disorders = isNewHistory ? 0 : this.disorders + this.sum(({ disorders }) => disorders)
    this.places.clear()
  }

  load(conversation: Conversation, messages: Message[], seq: number): void {
    const place = this.places.get(conversation.id) ?? new Place(seq)
    this.places.set(conversation.id, place)
    place.load(conversation, messages, seq)
  }

  /** @returns whether it is new to the client */
  apply(change: StreamEvent): boolean {
    const { conversation_id: id, seq } = change.data
    if (id === undefined || seq === undefined) return false
    const place = this.places.get(id) ?? new Place(seq - 1)
    this.places.set(id, place)
    if (change.event !== 'conversation_updated') return place.take(change)
    place.rename(change.data.conversation)
    place.advance(seq)
    return false
  }

  sum = (of: (place: Place) => number): number =>
    this.places.values().reduce((sum, place) => sum + of(place), 0)
}
