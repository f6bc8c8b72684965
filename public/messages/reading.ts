import { api } from '../api.ts'

const minIntervalMs = 1000

/** Reports the read position to the server, at most once a second. */
export class Reading {
  #conversationId: number
  #upTo: number
  #sent: number
  #wanted = 0
  #busy = false
  /** Marked as unread: until the reader opens it anew, nothing is read by being in view. */
  isLeft = false

  constructor(conversationId: number, upTo: number) {
    this.#conversationId = conversationId
    this.#upTo = upTo
    this.#sent = upTo
  }

  /** The id of the last message that has been read. */
  get upTo(): number {
    return this.#upTo
  }

  /**
   * @param othersId the last message of others up to there: only those can be unread
   */
  seen(messageId: number, othersId: number): void {
    if (this.isLeft) return
    this.#upTo = Math.max(this.#upTo, messageId)
    this.#wanted = Math.max(this.#wanted, othersId)
    if (!this.#busy) void this.#send()
  }

  /** The server knows already, by another device or by a message the reader sent. */
  known(messageId: number): void {
    this.isLeft = false
    this.#upTo = Math.max(this.#upTo, messageId)
    this.#sent = Math.max(this.#sent, messageId)
  }

  /** Everything from this message on was marked as unread. */
  leave(messageId: number): void {
    this.isLeft = true
    this.#upTo = this.#sent = messageId - 1
    this.#wanted = 0
  }

  async #send(): Promise<void> {
    this.#busy = true
    while (this.#wanted > this.#sent) {
      const wanted = this.#wanted
      const isSent = await api.read(this.#conversationId, wanted).then(
        () => true,
        () => false,
      )
      // Reported with the next message, or when the reader returns.
      if (!isSent) break
      if (!this.isLeft) this.known(wanted)
      await new Promise((resolve) => setTimeout(resolve, minIntervalMs))
    }
    this.#busy = false
  }
}
