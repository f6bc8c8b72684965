import { api } from '../api.ts'

const minIntervalMs = 1000

/** What was marked as unread. */
interface Left {
  /** This message and all that follow. */
  from: number
  /** On this page, and not on another device alone. */
  isHere: boolean
}

/** Reports the read position to the server, at most once a second. */
export class Reading {
  #conversationId: number
  #upTo: number
  #sent: number
  #wanted = 0
  #busy = false
  #left: Left | undefined

  constructor(conversationId: number, upTo: number) {
    this.#conversationId = conversationId
    this.#upTo = upTo
    this.#sent = upTo
  }

  /** The id of the last message that has been read. */
  get upTo(): number {
    return this.#upTo
  }

  /** Marked as unread: until the reader opens it anew, or reads it elsewhere, nothing is read by being in view. */
  get isLeft(): boolean {
    return this.#left !== undefined
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
    this.#left = undefined
    this.#upTo = Math.max(this.#upTo, messageId)
    this.#sent = Math.max(this.#sent, messageId)
  }

  /** Read up to this message on another device; what was marked as unread here stays so. */
  readElsewhere(messageId: number): void {
    const stays = this.#left && (this.#left.isHere || messageId < this.#left.from)
    if (!stays) this.known(messageId)
  }

  /**
   * Everything from this message on was marked as unread, on this page or elsewhere.
   * @returns takes it back, unless something else has happened since, and returns whether it did
   */
  leave(messageId: number, where: 'here' | 'elsewhere'): () => boolean {
    const [left, upTo, sent, wanted] = [this.#left, this.#upTo, this.#sent, this.#wanted]
    const leaving = { from: messageId, isHere: where === 'here' || left?.isHere === true }
    this.#left = leaving
    this.#upTo = this.#sent = messageId - 1
    this.#wanted = 0
    return () => {
      if (this.#left !== leaving) return false
      this.#left = left
      this.#upTo = upTo
      this.#sent = sent
      this.#wanted = wanted
      if (!this.#busy) void this.#send()
      return true
    }
  }

  /** The reader has opened it anew. */
  enter(): void {
    this.#left = undefined
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
