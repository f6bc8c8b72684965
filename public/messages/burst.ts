/** What comes within so many ms of the last is of the same burst, */
const gapMs = 300
/** until it has lasted so long: where people write without a pause, the view goes on following them. */
const maxMs = 2000

/** Messages that come so quickly that nobody reads the one before the next is there. */
export class Burst {
  /** The newest message that was drawn before it, by id. */
  drawnUpTo = 0
  /** What was read before it. */
  readUpTo = 0
  #began = 0
  #last = 0

  /** To be called with what is drawn and read so far, before what has come is drawn. */
  goesOn(drawnUpTo: number, readUpTo: number): void {
    const now = Date.now()
    if (now - this.#last > gapMs || now - this.#began > maxMs) {
      this.drawnUpTo = drawnUpTo
      this.readUpTo = readUpTo
      this.#began = now
    }
    this.#last = now
  }
}
