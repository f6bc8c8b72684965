import { type Header, open } from './envelope.ts'
import type { Source } from './source.ts'

/** How long to wait for a missing number before it is fetched: two workers publish in either order. */
const maxReorderMs = 30

export type Change = Extract<Header, { kind: 'change' }>

interface Pending {
  header: Change
  frame: Buffer
}

/** Where a sequencer writes to. */
interface Output {
  /** Writes a frame to all of the user's streams; with a header when it has a place in the sequence. */
  write(frame: Buffer, header?: Change): void
  /** The user proves to be no member any more. */
  removed(conversationId: number): void
}

/**
 * Puts one user's changes in order for their streams in this worker: of each conversation by ascending `seq`, without
 * gaps. Duplicates are dropped; what comes too early waits until what is missing has come, or was fetched from the
 * database.
 */
export class Sequencer {
  readonly #userId: number
  readonly #source: Source
  readonly #output: Output
  /** The last `seq` written, by conversation. */
  readonly #positions: Map<number, number>
  /** What came too early, by conversation and `seq`. */
  readonly #pending = new Map<number, Map<number, Pending>>()
  readonly #fetching = new Map<number, Promise<boolean>>()

  /** @param positions where the user stands in each of their conversations */
  constructor(userId: number, source: Source, positions: Map<number, number>, output: Output) {
    this.#userId = userId
    this.#source = source
    this.#positions = positions
    this.#output = output
  }

  push(header: Change, frame: Buffer): void {
    const { conversationId, seq } = header
    const position = this.#positions.get(conversationId)
    if (position !== undefined && seq <= position) return
    if (seq === (position ?? Number.NaN) + 1) {
      this.#writeNext({ header, frame })
      this.#drain(conversationId)
    } else {
      this.#hold({ header, frame })
      setTimeout(() => void this.advanceTo(conversationId, seq), maxReorderMs).unref()
    }
  }

  /** The user became a member: changes after `seq` are written. Does nothing for a member. */
  join(conversationId: number, seq: number): void {
    if (this.#positions.has(conversationId)) return
    this.#positions.set(conversationId, seq)
    this.#drain(conversationId)
  }

  /** The user is no member any more: nothing pending and nothing to come is written. */
  leave(conversationId: number): void {
    this.#positions.delete(conversationId)
    this.#pending.delete(conversationId)
  }

  isMember = (conversationId: number): boolean => this.#positions.has(conversationId)

  /**
   * Writes everything up to `seq`, fetching what is missing.
   * @returns false when the database is away; true also when the user is no member
   */
  async advanceTo(conversationId: number, seq: number): Promise<boolean> {
    try {
      // A fetch that runs already may have begun before there was a `seq`: then a second one is needed.
      for (let fetches = 0; fetches < 2 && !this.#isWritten(conversationId, seq); fetches++)
        if (!(await this.#fetchOnce(conversationId))) break
      return true
    } catch {
      // The next poll tries again.
      return false
    }
  }

  #isWritten = (conversationId: number, seq: number) => (this.#positions.get(conversationId) ?? -1) >= seq

  /** One fetch for all who wait for it. */
  #fetchOnce(conversationId: number): Promise<boolean> {
    const running = this.#fetching.get(conversationId)
    if (running) return running
    const fetching = this.#fetchMissing(conversationId).finally(() => {
      this.#fetching.delete(conversationId)
      this.#drain(conversationId)
    })
    this.#fetching.set(conversationId, fetching)
    return fetching
  }

  #hold(change: Pending): void {
    const { conversationId, seq } = change.header
    const pending = this.#pending.get(conversationId) ?? new Map<number, Pending>()
    this.#pending.set(conversationId, pending.set(seq, change))
  }

  #writeNext({ header, frame }: Pending): void {
    const position = this.#positions.get(header.conversationId) ?? 0
    this.#positions.set(header.conversationId, Math.max(header.seq, position))
    this.#output.write(frame, header)
  }

  #writeFetched({ header, frame }: ReturnType<typeof open>, position: number): void {
    if (header.kind !== 'change') this.#output.write(frame)
    else if (header.seq > position) this.#writeNext({ header, frame })
  }

  /** Writes what is pending up to the next gap, and drops what was written meanwhile. */
  #drain(conversationId: number): void {
    const pending = this.#pending.get(conversationId)
    if (!pending) return
    for (const seq of [...pending.keys()].sort((a, b) => a - b)) {
      const next = (this.#positions.get(conversationId) ?? Number.NaN) + 1
      if (seq > next || Number.isNaN(next)) break
      if (seq === next) this.#writeNext(pending.get(seq)!)
      pending.delete(seq)
    }
    if (pending.size === 0) this.#pending.delete(conversationId)
  }

  /** @returns false when the user is no member */
  async #fetchMissing(conversationId: number): Promise<boolean> {
    const before = this.#positions.get(conversationId)
    // Of a conversation that is new to the user, the first thing that came says from where on.
    const first = Math.min(...(this.#pending.get(conversationId)?.keys() ?? [1]))
    const found = await this.#source.changesAfter(this.#userId, conversationId, before ?? first - 1)
    if (!found) {
      if (before !== undefined) this.#output.removed(conversationId)
      this.leave(conversationId)
      return false
    }
    // They may have left meanwhile, and some of it may have been written.
    const position = this.#positions.get(conversationId)
    if (before !== undefined && position === undefined) return false
    for (const envelope of found.envelopes) this.#writeFetched(open(envelope), position ?? -1)
    this.#positions.set(conversationId, Math.max(found.seq, this.#positions.get(conversationId) ?? 0))
    return true
  }
}
