import { type Header, open } from './envelope.ts'
import { source } from './source.ts'

/** How long a number may come late before it is looked for: two workers publish in either order. Milliseconds. */
const patience = 30

export type Change = Extract<Header, { kind: 'change' }>

interface Held {
  header: Change
  frame: Buffer
}

interface Listener {
  /** Writes a frame to all of the user's streams; with a header when it has a place in the sequence. */
  tell(frame: Buffer, header?: Change): void
  /** Tells that he is no member any more. */
  removed(conversationId: number): void
}

/**
 * The order in which one user's streams in this worker are shown changes: of each conversation by ascending `seq`,
 * without gaps. What comes twice is dropped; what comes too early waits until what is missing has come, or was found
 * in the database.
 */
export class Order {
  private readonly userId: number
  private readonly listener: Listener
  /** The last `seq` told, by conversation. */
  private readonly positions: Map<number, number>
  /** What came before its turn, by conversation and `seq`. */
  private readonly held = new Map<number, Map<number, Held>>()
  private readonly filling = new Map<number, Promise<boolean>>()

  constructor(userId: number, positions: Map<number, number>, listener: Listener) {
    this.userId = userId
    this.positions = positions
    this.listener = listener
  }

  take(header: Change, frame: Buffer): void {
    const { conversationId, seq } = header
    const position = this.positions.get(conversationId)
    if (position !== undefined && seq <= position) return
    if (seq === (position ?? Number.NaN) + 1) {
      this.tellNext({ header, frame })
      this.drain(conversationId)
    } else {
      this.hold({ header, frame })
      setTimeout(() => void this.settle(conversationId, seq), patience).unref()
    }
  }

  /** He came to a conversation: from `seq` on it is told. One that he is in already stays where it is. */
  join(conversationId: number, seq: number): void {
    if (this.positions.has(conversationId)) return
    this.positions.set(conversationId, seq)
    this.drain(conversationId)
  }

  /** He is no member any more: what was sent before and comes after that is not for him. */
  leave(conversationId: number): void {
    this.positions.delete(conversationId)
    this.held.delete(conversationId)
  }

  isIn = (conversationId: number): boolean => this.positions.has(conversationId)

  /** Sees to it that everything up to `seq` is told. @returns whether it is, or none of his business */
  async settle(conversationId: number, seq: number): Promise<boolean> {
    try {
      // A look that runs already may have begun before there was a `seq`: then one more is needed.
      for (let looks = 0; looks < 2 && !this.isTold(conversationId, seq); looks++)
        if (!(await this.fillOnce(conversationId))) break
      return true
    } catch {
      // The database is away; watch.ts looks again.
      return false
    }
  }

  private isTold = (conversationId: number, seq: number) => (this.positions.get(conversationId) ?? -1) >= seq

  /** However many ask for it. */
  private fillOnce(conversationId: number): Promise<boolean> {
    const running = this.filling.get(conversationId)
    if (running) return running
    const filling = this.fill(conversationId).finally(() => {
      this.filling.delete(conversationId)
      this.drain(conversationId)
    })
    this.filling.set(conversationId, filling)
    return filling
  }

  private hold(held: Held): void {
    const { conversationId, seq } = held.header
    const waiting = this.held.get(conversationId) ?? new Map<number, Held>()
    this.held.set(conversationId, waiting.set(seq, held))
  }

  private tellNext({ header, frame }: Held): void {
    const position = this.positions.get(header.conversationId) ?? 0
    this.positions.set(header.conversationId, Math.max(header.seq, position))
    this.listener.tell(frame, header)
  }

  private tellFound({ header, frame }: ReturnType<typeof open>, position: number): void {
    if (header.kind !== 'change') this.listener.tell(frame)
    else if (header.seq > position) this.tellNext({ header, frame })
  }

  /** Tells what was held and whose turn has come; looks for what still is missing before the rest. */
  private drain(conversationId: number): void {
    const waiting = this.held.get(conversationId)
    if (!waiting) return
    for (const seq of [...waiting.keys()].sort((a, b) => a - b)) {
      const next = (this.positions.get(conversationId) ?? Number.NaN) + 1
      if (seq > next || Number.isNaN(next)) break
      if (seq === next) this.tellNext(waiting.get(seq)!)
      waiting.delete(seq)
    }
    if (waiting.size === 0) this.held.delete(conversationId)
  }

  /** Tells from the database what is missing. @returns false when he is no member */
  private async fill(conversationId: number): Promise<boolean> {
    const told = this.positions.get(conversationId)
    // Of a conversation that is new to him, the first thing that came says from where on.
    const first = Math.min(...(this.held.get(conversationId)?.keys() ?? [1]))
    const found = await source.changesAfter(this.userId, conversationId, told ?? first - 1)
    if (!found) {
      if (told !== undefined) this.listener.removed(conversationId)
      this.leave(conversationId)
      return false
    }
    // He may have left meanwhile, or may have been told some of it.
    const position = this.positions.get(conversationId)
    if (told !== undefined && position === undefined) return false
    for (const envelope of found.envelopes) this.tellFound(open(envelope), position ?? -1)
    this.positions.set(conversationId, Math.max(found.seq, this.positions.get(conversationId) ?? 0))
    return true
  }
}
