/** The longest gap between messages of one burst. */
const gapMs = 300
/** After which a new burst begins: otherwise the view would stop following a busy conversation. */
const maxMs = 2000

/** Messages that arrive faster than they can be read. */
export class Burst {
  /** The id of the newest message drawn before it. */
  drawnUpTo = 0
  /** The read position before it. */
  readUpTo = 0
  #began = 0
  #last = 0

  /** To be called with what is drawn and read so far, before new messages are drawn. */
  extend(drawnUpTo: number, readUpTo: number): void {
    const now = Date.now()
    if (now - this.#last > gapMs || now - this.#began > maxMs) {
      this.drawnUpTo = drawnUpTo
      this.readUpTo = readUpTo
      this.#began = now
    }
    this.#last = now
  }
}
