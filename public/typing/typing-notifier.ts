import { api } from '../api.ts'

const intervalMs = 2000

/** Notifies the others of typing, at most every `intervalMs`, and of its end when the text is deleted. */
export class TypingNotifier {
  #conversationId: number
  #notifiedAt = 0

  constructor(conversationId: number) {
    this.#conversationId = conversationId
  }

  typing(isTyping: boolean): void {
    const now = Date.now()
    if (isTyping ? now - this.#notifiedAt < intervalMs : !this.#notifiedAt) return
    this.#notifiedAt = isTyping ? now : 0
    // Best effort: it expires in three seconds anyway.
    api.typing(this.#conversationId, isTyping).catch(() => {})
  }

  /** The message itself ends the typing. */
  sent(): void {
    this.#notifiedAt = 0
  }
}
