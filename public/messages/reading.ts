import { api } from '../api.ts'

const PAUSE = 1000

/** Tells the server how far the reader has read, the furthest only, at most once a second. */
export class Reading {
  #conversationId: number
  #upTo: number
  #sent: number
  #wanted = 0
  #busy = false

  constructor(conversationId: number, upTo: number) {
    this.#conversationId = conversationId
    this.#upTo = upTo
    this.#sent = upTo
  }

  /** Everything up to this message has been read. */
  get upTo(): number {
    return this.#upTo
  }

  /**
   * Called when everything up to a message was seen.
   * @param othersId the last of others' messages among them: only those can be unread
   */
  seen(messageId: number, othersId: number): void {
    this.#upTo = Math.max(this.#upTo, messageId)
    this.#wanted = Math.max(this.#wanted, othersId)
    if (!this.#busy) void this.#send()
  }

  /** The server knows already: it was read on another device, or answered. */
  known(messageId: number): void {
    this.#upTo = Math.max(this.#upTo, messageId)
    this.#sent = Math.max(this.#sent, messageId)
  }

  async #send(): Promise<void> {
    this.#busy = true
    while (this.#wanted > this.#sent) {
      const wanted = this.#wanted
      const isSent = await api.read(this.#conversationId, wanted).then(
        () => true,
        () => false,
      )
      // What failed is sent with the next message, or the next time the reader comes.
      if (!isSent) break
      this.known(wanted)
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    this.#busy = false
  }
}
