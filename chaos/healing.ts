import type { Tally } from './tally.ts'

/**
 * Measures the recovery time after a fault: until every reader has received a message that was sent after it.
 */
export class Healing {
  readonly #everybody = new Set<object>()
  #open: { since: number; waiting: Set<object> }[] = []
  readonly #tally: Tally

  constructor(tally: Tally) {
    this.#tally = tally
  }

  join(reader: object): void {
    this.#everybody.add(reader)
  }

  /** A fault is over, as far as it ends by itself. */
  begin(): void {
    this.#open.push({ since: Date.now(), waiting: new Set(this.#everybody) })
  }

  /** @param sentAt ms since 1970 */
  shown(reader: object, sentAt: number): void {
    if (this.#open.length === 0) return
    this.#open = this.#open.filter(({ since, waiting }) => {
      if (sentAt > since) waiting.delete(reader)
      if (waiting.size === 0) this.#tally.took('heal', Date.now() - since)
      return waiting.size > 0
    })
  }
}
