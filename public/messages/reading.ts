import { api } from '../api.ts'

const PAUSE = 1000

/** Tells the server how far the reader has read, the furthest only, at most once a second. */
export class Reading {
  #conversationId: number
  #told: number
  #wanted = 0
  #busy = false

  constructor(conversationId: number, readUpTo: number | null) {
    this.#conversationId = conversationId
    this.#told = readUpTo ?? 0
  }

  get upTo(): number {
    return Math.max(this.#wanted, this.#told)
  }

  /** Called with a message whenever it is in view of a visible tab. */
  seen(messageId: number): void {
    this.#wanted = Math.max(this.#wanted, messageId)
    if (!this.#busy) void this.#tell()
  }

  async #tell(): Promise<void> {
    this.#busy = true
    while (this.#wanted > this.#told) {
      const wanted = this.#wanted
      const told = await api.read(this.#conversationId, wanted).then(
        () => true,
        () => false,
      )
      // What failed is told with the next message, or the next time the reader comes.
      if (!told) break
      this.#told = wanted
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    this.#busy = false
  }
}
