import { setTimeout as sleep } from 'node:timers/promises'
import type { EventName, Events } from '../contract/events.ts'
import { checkEvent } from './answers.ts'

export interface Heard {
  event: string
  id: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by asserting it
  data: any
}

/** A real stream of events over a real socket, with everything that came on it. */
export class Listener {
  readonly events: Heard[] = []
  /** Every comment line and field as it came. */
  raw = ''
  headers: Headers
  ended: Promise<void>
  readonly #controller: AbortController
  #wake: () => void = () => {}
  /** The first event that was not as the contract has it. */
  #violation: Error | undefined

  private constructor(answer: Response, controller: AbortController) {
    this.headers = answer.headers
    this.#controller = controller
    this.ended = this.#read(answer.body!).catch(() => {})
  }

  static async open(url: string, cookie: string, headers: Record<string, string> = {}): Promise<Listener> {
    const controller = new AbortController()
    const answer = await fetch(url, { headers: { cookie, ...headers }, signal: controller.signal })
    if (answer.status !== 200) throw new Error(`the stream answered ${answer.status}`)
    const listener = new Listener(answer, controller)
    await listener.hear('connected')
    return listener
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of body) {
      const text = decoder.decode(chunk, { stream: true })
      this.raw += text
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) this.#take(block)
      this.#wake()
    }
  }

  #take(block: string): void {
    // Not by a regular expression: its lines also end at U+2028, those of the format do not.
    const lines = block.split('\n')
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
    const [event, data] = [field('event'), field('data')]
    if (event && data) this.#heard(event, field('id'), JSON.parse(data))
  }

  #heard(event: string, id: string | undefined, data: unknown): void {
    try {
      checkEvent(event, data)
    } catch (error) {
      this.#violation ??= error as Error
    }
    this.events.push({ event, id, data })
  }

  /** The data of the next event of this name that fits, come already or within 5 s; it is taken off the list. */
  async hear<E extends EventName>(
    event: E,
    fits: (data: Events[E]) => boolean = () => true,
  ): Promise<Events[E]> {
    for (const deadline = Date.now() + 5000; Date.now() < deadline; ) {
      if (this.#violation) throw this.#violation
      const at = this.events.findIndex((heard) => heard.event === event && fits(heard.data))
      if (at >= 0) return this.events.splice(at, 1)[0]!.data
      await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), sleep(100)])
    }
    throw new Error(`no ${event} came, but ${JSON.stringify(this.events.map((heard) => heard.event))}`)
  }

  /** @throws AssertionError when an event was not as the contract has it */
  close(): void {
    this.#controller.abort()
    if (this.#violation) throw this.#violation
  }
}
