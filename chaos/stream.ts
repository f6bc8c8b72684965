import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Client } from './client.ts'
import type { StreamEvent } from './view.ts'

interface Refusal {
  status: number
  headers: IncomingHttpHeaders
}

interface Listener {
  /** @param id where the reader stands from then on */
  heard(event: StreamEvent, id: string | undefined): void
  /** Once, however it ends. @param refusal an answer that is no stream */
  ended(refusal?: Refusal): void
}

/** Comments come every 15 s: a stream silent for so long is no longer connected. ms */
const silence = 25_000

/** One connection to the stream of events. */
export class Stream {
  readonly #asked: ClientRequest
  readonly #listener: Listener
  #rest = ''
  #isOver = false

  constructor(client: Client, lastEventId: string | undefined, listener: Listener) {
    this.#listener = listener
    const headers = { cookie: client.cookie, ...(lastEventId && { 'last-event-id': lastEventId }) }
    const options = { agent: false, headers, timeout: silence }
    this.#asked = request(`${client.address}/api/messages/stream`, options, (answer) => this.#read(answer))
    this.#asked.on('timeout', () => this.cut())
    this.#asked.on('error', () => this.#end())
    this.#asked.on('close', () => this.#end())
    this.#asked.end()
  }

  cut(): void {
    this.#asked.destroy()
    this.#end()
  }

  #read(answer: IncomingMessage): void {
    answer.on('error', () => {})
    if (answer.statusCode === 200) answer.setEncoding('utf8').on('data', (text: string) => this.#take(text))
    else {
      answer.resume()
      this.#end({ status: answer.statusCode!, headers: answer.headers })
    }
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    // What came only in part is worth nothing: it has no id, and comes again.
    this.#rest = blocks.pop()!
    for (const block of blocks) if (!this.#isOver) this.#emit(block)
  }

  #emit(block: string): void {
    let event = ''
    let data = ''
    let id: string | undefined
    for (const line of block.split('\n')) {
      if (line.startsWith('event: ')) event = line.slice(7)
      else if (line.startsWith('data: ')) data = line.slice(6)
      else if (line.startsWith('id: ')) id = line.slice(4)
    }
    if (event) this.#listener.heard({ event: event as StreamEvent['event'], data: JSON.parse(data) }, id)
  }

  #end(refusal?: Refusal): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listener.ended(refusal)
  }
}
