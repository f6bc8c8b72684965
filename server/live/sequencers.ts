import { Sequencer, type SequencerHost } from './sequencer.ts'

/** A sequencer of which nothing was heard for so long is dropped: where it stood follows from the next change. */
const idleMs = 60_000

/** The sequencers of a worker: one for each conversation in which something happened lately. */
export class Sequencers {
  readonly #host: SequencerHost
  #recent = new Map<number, Sequencer>()
  #older = new Map<number, Sequencer>()
  #turnedAt = Date.now()

  constructor(host: SequencerHost) {
    this.#host = host
  }

  of(conversationId: number): Sequencer {
    const known = this.#recent.get(conversationId)
    if (known) return known
    const found = this.#older.get(conversationId) ?? new Sequencer(conversationId, this.#host)
    this.#recent.set(conversationId, found)
    return found
  }

  /** Drops those of which nothing was heard during the last minute, and that can be inferred again. */
  dropIdle(now = Date.now()): void {
    if (now - this.#turnedAt < idleMs) return
    this.#turnedAt = now
    for (const [id, sequencer] of this.#older)
      if (!this.#recent.has(id) && !sequencer.isForgettable()) this.#recent.set(id, sequencer)
    this.#older = this.#recent
    this.#recent = new Map()
  }
}
