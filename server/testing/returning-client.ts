import { setTimeout as sleep } from 'node:timers/promises'
import { type Frame, SocketClient } from './socket-client.ts'

/** A client of a WebSocket that connects again, by itself, for as long as it is not ended. */
export class ReturningClient {
  /** Of connections before this one; `frames` has those of the present one too. */
  readonly #earlier: Frame[] = []
  readonly #url: string
  readonly #headers: { authorization: string }
  #client: SocketClient | undefined
  #isEnded = false
  /** How often it was connected. */
  connections = 0

  private constructor(url: string, token: string) {
    this.#url = url
    this.#headers = { authorization: `Bearer ${token}` }
  }

  /** Once it is connected for the first time. */
  static async start(url: string, token: string): Promise<ReturningClient> {
    const client = new ReturningClient(url, token)
    await client.#connect()
    return client
  }

  /** Every frame that came, of all its connections. */
  get frames(): Frame[] {
    return [...this.#earlier, ...(this.#client?.frames ?? [])]
  }

  async #connect(): Promise<void> {
    const client = await SocketClient.open(this.#url, this.#headers)
    this.#client = client
    this.connections++
    client.closed.then(() => this.#comeBack())
  }

  async #comeBack(): Promise<void> {
    this.#earlier.push(...(this.#client?.frames ?? []))
    this.#client = undefined
    while (!this.#isEnded && !this.#client) {
      await sleep(100 + Math.random() * 200)
      await this.#connect().catch(() => {})
    }
  }

  /** Says it if it is connected. */
  say(frame: object): void {
    if (this.#client?.webSocket.readyState === 1) this.#client.say(frame)
  }

  /** A frame that is meant, come already or within so many ms. */
  async hear(isMeant: (frame: Frame) => boolean, ms: number): Promise<Frame | undefined> {
    for (const deadline = Date.now() + ms; ; await sleep(10)) {
      const found = this.frames.findLast(isMeant)
      if (found || Date.now() > deadline) return found
    }
  }

  async end(): Promise<void> {
    this.#isEnded = true
    await this.#client?.close()
  }
}
