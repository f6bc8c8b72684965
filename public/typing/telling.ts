import { api } from '../api.ts'

const EVERY = 2000

/** Tells the others that one is typing, at most every two seconds, and when the text is gone again. */
export class TypingTeller {
  #conversationId: number
  #told = 0

  constructor(conversationId: number) {
    this.#conversationId = conversationId
  }

  typing(isTyping: boolean): void {
    const now = Date.now()
    if (isTyping ? now - this.#told < EVERY : !this.#told) return
    this.#told = isTyping ? now : 0
    // It is over in three seconds anyway.
    api.typing(this.#conversationId, isTyping).catch(() => {})
  }

  /** The message went out: that says it all. */
  sent(): void {
    this.#told = 0
  }
}
