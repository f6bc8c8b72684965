import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Listener } from './listener.ts'
import type { Person } from './service.ts'

/** Sends as our page does: until it hears that the message was taken, each time with the same `client_id`. */
export class Sender {
  /** By `client_id`, the id that the service gave. */
  readonly taken = new Map<string, number>()
  /** Answers and failures that were no yes. */
  readonly refusals = new Map<string, number>()
  readonly #person: Person
  readonly #conversationId: number

  constructor(person: Person, conversationId: number) {
    this.#person = person
    this.#conversationId = conversationId
  }

  async sendUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.#send()
      await sleep(30)
    }
  }

  async #send(): Promise<void> {
    const client_id = randomUUID()
    const content = `wiadomość ${client_id}`
    for (;;) {
      const path = `/api/conversations/${this.#conversationId}/messages`
      const answer = await this.#person.post(path, { content, client_id }).catch(() => undefined)
      if (answer?.body.message) return void this.taken.set(client_id, answer.body.message.id)
      const why = String(answer?.status ?? 'cut')
      this.refusals.set(why, (this.refusals.get(why) ?? 0) + 1)
      await sleep(100)
    }
  }
}

/**
 * Reads as our page does: when its stream ends it comes back with the id of the last event it has, and on a resync it
 * asks for what changed after the last number it knows.
 */
export class Reader {
  /** Every message as often as it came. */
  readonly heard: { seq: number; id: number }[] = []
  streams = 0
  resyncs = 0
  readonly #person: Person
  readonly #conversationId: number
  #cursor: string | undefined
  #stream: Listener | undefined
  #isOver = false

  constructor(person: Person, conversationId: number) {
    this.#person = person
    this.#conversationId = conversationId
  }

  /** Resolves when the first stream is open. */
  async start(): Promise<void> {
    await this.#open()
    void this.#stay()
  }

  async #stay(): Promise<void> {
    while (!this.#isOver) {
      const hasEnded = await Promise.race([this.#stream!.ended.then(() => true), sleep(50)])
      await this.#keep(this.#stream!)
      if (hasEnded) await this.#open()
    }
    this.#stream?.close()
  }

  async #open(): Promise<void> {
    const headers: Record<string, string> = this.#cursor ? { 'last-event-id': this.#cursor } : {}
    const { address, cookie } = this.#person
    while (!this.#isOver) {
      this.#stream = await Listener.open(`${address}/api/messages/stream`, cookie, headers).catch(
        () => undefined,
      )
      if (this.#stream) return void this.streams++
      await sleep(100)
    }
  }

  /** Takes over what the stream brought; the id of an event that was cut off does not count. */
  async #keep(stream: Listener): Promise<void> {
    const whole = stream.raw.slice(0, stream.raw.lastIndexOf('\n\n') + 1)
    const id = whole.lastIndexOf('\nid: ')
    if (id >= 0) this.#cursor = whole.slice(id + 5, whole.indexOf('\n', id + 1))
    for (const { event, data } of stream.events.splice(0)) {
      if (event === 'resync') await this.#load()
      else if (event === 'new_message' || event === 'message_updated') this.#take(data.message)
    }
  }

  async #load(): Promise<void> {
    this.resyncs++
    for (;;) {
      const after = Math.max(0, ...this.heard.map(({ seq }) => seq))
      const path = `/api/conversations/${this.#conversationId}/changes?after_seq=${after}`
      const answer = await this.#person.get(path).catch(() => undefined)
      for (const message of answer?.body.messages ?? []) this.#take(message)
      if (answer?.status === 200 && !answer.body.has_more) return
      await sleep(100)
    }
  }

  #take(message: { id: number; seq: number; kind: string; conversation_id: number }): void {
    if (message.conversation_id !== this.#conversationId || message.kind !== 'user') return
    this.heard.push({ seq: message.seq, id: message.id })
  }

  /** What it shows: of each number the first that came, in the order in which they came. */
  get shown(): { seq: number; id: number }[] {
    const first = new Map<number, { seq: number; id: number }>()
    for (const each of this.heard) if (!first.has(each.seq)) first.set(each.seq, each)
    return [...first.values()]
  }

  stop(): void {
    this.#isOver = true
  }
}
