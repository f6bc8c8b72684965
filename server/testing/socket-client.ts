import { type ClientOptions, WebSocket } from 'ws'
import type { Live, OpenedStream } from '../live/live.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by asserting it
export type Frame = any

/** A client at the other end of a real WebSocket, with every frame that came. */
export class SocketClient {
  readonly frames: Frame[] = []
  readonly webSocket: WebSocket
  /** The code with which it was closed. */
  readonly closed: Promise<number>
  #wake: () => void = () => {}

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket
    this.closed = new Promise((resolve) => webSocket.on('close', resolve))
    webSocket.on('message', (data) => {
      this.frames.push(JSON.parse(`${data}`))
      this.#wake()
    })
    webSocket.on('error', () => {})
  }

  /** @throws Error with the status of an answer that refuses */
  static async open(url: string, headers: Record<string, string>, options: ClientOptions = {}) {
    const webSocket = new WebSocket(url.replace(/^http/, 'ws'), { headers, ...options })
    const client = new SocketClient(webSocket)
    const opened = Promise.withResolvers<void>()
    webSocket.on('open', opened.resolve)
    webSocket.on('error', opened.reject)
    await opened.promise
    return client
  }

  /** Once the user has caught up: what happens from then on comes as it happens, and not as it ended. */
  static async openLive(live: Live, userId: number, url: string, headers: Record<string, string>) {
    const { promise: opened, resolve } = Promise.withResolvers<void>()
    const listener = (stream: OpenedStream) => stream.userId === userId && resolve()
    live.events.on('opened', listener)
    try {
      const client = await SocketClient.open(url, headers)
      await opened
      return client
    } finally {
      live.events.off('opened', listener)
    }
  }

  say = (frame: object | string): void =>
    this.webSocket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))

  /** The first frame, of those after the first `skip`, that is meant. @throws Error when it does not come within 10 s */
  async hear(isMeant: (frame: Frame) => boolean, skip = 0): Promise<Frame> {
    const deadline = Date.now() + 10_000
    for (;;) {
      const found = this.frames.slice(skip).find(isMeant)
      if (found) return found
      if (Date.now() > deadline) throw new Error(`it did not come; only ${JSON.stringify(this.frames)}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 250))])
    }
  }

  async close(): Promise<void> {
    this.webSocket.close()
    await this.closed
  }
}
