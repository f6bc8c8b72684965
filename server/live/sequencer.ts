import { gapsFilled } from '../metrics/measures.ts'
import { asUpdate, type ChangeHeader, type Publication } from './envelope.ts'

/** How long to wait for a missing number before it is fetched: two workers publish in either order. */
const maxReorderMs = 30

export type Change = Publication<ChangeHeader>

/** What was missing, for all who are connected by now. */
export interface Fetched {
  publications: Publication[]
  /** Everything up to here is in the publications. */
  seq: number
}

/** What a sequencer needs of its worker. */
export interface SequencerHost {
  /** Every transaction below was written to every stream of the worker. */
  reached(): number
  /**
   * What changed after a `seq`; after everything that was written, when it is undefined.
   * @returns undefined when there is no such conversation any more
   */
  fetch(conversationId: number, after: number | undefined): Promise<Fetched | undefined>
  write(publication: Publication): void
  /** A number has come again, from a later transaction: a backup may have been restored. */
  suspectRestore(): void
}

/**
 * Puts the changes of one conversation in order for all of its readers in this worker: by ascending `seq`, without
 * gaps. Duplicates are dropped; what comes too early waits until what is missing has come, or was fetched from the
 * database.
 */
export class Sequencer {
  readonly #conversationId: number
  readonly #host: SequencerHost
  /** The last `seq` written, as far as it is known. */
  #position: number | undefined
  /** The latest transaction of which a change was written, as far as it is known. */
  #lastXid = 0
  /** The newest message that was written, as far as it is known. */
  #lastMessageId = 0
  /** What came too early, by `seq`. */
  #pending: Map<number, Change> | undefined
  #fetching: Promise<boolean> | undefined

  constructor(conversationId: number, host: SequencerHost) {
    this.#conversationId = conversationId
    this.#host = host
  }

  /** Nothing is under way, and where it stands can be inferred from the next change. */
  isForgettable(): boolean {
    return !this.#pending && !this.#fetching && this.#lastXid < this.#host.reached()
  }

  push(change: Change): void {
    const { seq, xid = 0 } = change.header
    this.#position ??= this.#infer(change.header)
    if (this.#position === undefined) {
      this.#hold(change)
      void this.advanceTo(seq)
    } else if (seq === this.#position + 1) {
      this.#write(change)
      this.#drain()
    } else if (seq > this.#position) {
      this.#hold(change)
      setTimeout(() => void this.advanceTo(seq), maxReorderMs).unref()
    } else if (xid > this.#lastXid) this.#host.suspectRestore()
  }

  /** The conversation was created, and stands at this `seq`. */
  begin(seq: number): void {
    this.#position ??= seq
  }

  isWritten = (seq: number): boolean => (this.#position ?? -1) >= seq

  /**
   * Writes everything up to `seq`, fetching what is missing.
   * @returns false when the database is away
   */
  async advanceTo(seq: number): Promise<boolean> {
    try {
      // A fetch that runs already may have begun before there was a `seq`: then a second one is needed.
      for (let fetches = 0; fetches < 2 && !this.isWritten(seq); fetches++)
        if (!(await this.#fetchOnce())) break
      return true
    } catch {
      // The next poll tries again.
      return false
    }
  }

  /** Where the conversation stands, when this change itself says that all before it was written, or it as well. */
  #infer({ seq, xid, previousXid }: ChangeHeader): number | undefined {
    const reached = this.#host.reached()
    if (xid !== undefined && xid < reached) return seq
    return previousXid !== undefined && previousXid < reached ? seq - 1 : undefined
  }

  /** One fetch for all who wait for it. */
  #fetchOnce(): Promise<boolean> {
    this.#fetching ??= this.#fetchMissing().finally(() => {
      this.#fetching = undefined
      this.#drain()
    })
    return this.#fetching
  }

  #hold(change: Change): void {
    this.#pending ??= new Map()
    this.#pending.set(change.header.seq, change)
  }

  #write(change: Change): void {
    this.#position = change.header.seq
    this.#lastXid = Math.max(change.header.xid ?? 0, this.#lastXid)
    this.#emit(change)
  }

  #emit(publication: Publication): void {
    const { header } = publication
    if (header.kind === 'change' && header.message)
      this.#lastMessageId = Math.max(header.message.id, this.#lastMessageId)
    this.#host.write(publication)
  }

  /** Writes what is pending up to the next gap, and drops what was written meanwhile. */
  #drain(): void {
    if (!this.#pending || this.#position === undefined) return
    for (const [seq, change] of [...this.#pending].sort(([a], [b]) => a - b)) {
      if (seq > this.#position + 1) break
      if (seq > this.#position) this.#write(change)
      this.#pending.delete(seq)
    }
    if (this.#pending.size === 0) this.#pending = undefined
  }

  /** @returns false when there is no such conversation any more */
  async #fetchMissing(): Promise<boolean> {
    const found = await this.#host.fetch(this.#conversationId, this.#position)
    if (!found) {
      this.#pending = undefined
      return false
    }
    // Some of it may have been written meanwhile.
    const position = this.#position ?? -1
    const lastMessageId = this.#lastMessageId
    for (const publication of found.publications) {
      const { header } = publication
      if (header.kind === 'change' && header.seq <= position) continue
      if (header.kind === 'change') gapsFilled.value++
      // Found in the database is what a message is by now, also of one that was written.
      const isKnown = header.kind === 'change' && header.message && header.message.id <= lastMessageId
      this.#emit(isKnown ? asUpdate(publication) : publication)
    }
    this.#position = Math.max(found.seq, position)
    return true
  }
}
