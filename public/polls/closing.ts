import type { Message } from '../../server/contract/messages.ts'

/** A longer timer would fire at once. */
const maxWaitMs = 24 * 60 * 60 * 1000

/** Calls back when the next of the polls it was shown closes: no event says so. */
export class Closing {
  #timer = 0
  #callback: () => void

  constructor(callback: () => void, signal: AbortSignal) {
    this.#callback = callback
    signal.addEventListener('abort', () => clearTimeout(this.#timer))
  }

  watch(messages: readonly Message[]): void {
    clearTimeout(this.#timer)
    const now = Date.now()
    const times = messages.flatMap(({ poll }) => (poll?.closes_at ? Date.parse(poll.closes_at) : []))
    const next = Math.min(...times.filter((time) => time > now))
    if (next < Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#callback(), Math.min(next - now + 1, maxWaitMs))
  }
}
