import { log } from '../log.ts'
import { failedPolls } from '../metrics/measures.ts'
import type { Cursor } from './cursor.ts'
import type { Changed, Source } from './source.ts'

/** An unpublished change is found at most this much later, plus the time of one query. */
const pollMs = 2500
/** The same of everything that other processes change, while the bus brings none of it. */
const deafPollMs = 250

export interface PollerOptions {
  source: Source
  /** Who has a stream in this worker. */
  userIds(): number[]
  /** Writes these changes to the streams that they concern. @returns whether all of them are written */
  advance(changed: Changed[]): Promise<boolean>
  /** The database was restored from a backup: nothing that this process knows of it holds. */
  restored(): void
}

/** Polls the database for changes that the bus did not bring. */
export class Poller {
  /** Where streams stand. Everything below it was written to every stream of this worker. */
  cursor: Cursor | undefined
  /** Which history of the database it follows. */
  history: string | undefined
  #next: Cursor | undefined
  readonly #options: PollerOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isHearing = true
  #dueAt = 0

  constructor(options: PollerOptions) {
    this.#options = options
  }

  /** @throws Error when the database is away */
  async start(): Promise<void> {
    const now = await this.#options.source.changedSince(undefined, [])
    this.cursor = this.#next = now.cursor
    this.history = now.history
    this.#pollLater()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#running
  }

  /** The bus begins to lose what others publish, or brings it again: it polls at once, and from then on accordingly. */
  hears = (isHearing: boolean): void => {
    this.#isHearing = isHearing
    if (!this.#timer) return
    void this.pollInBetween()
    this.#pollLater()
  }

  #pollLater(): void {
    clearTimeout(this.#timer)
    const wait = this.#isHearing ? pollMs : deafPollMs
    this.#timer = setTimeout(async () => {
      const isDue = this.#isHearing || performance.now() >= this.#dueAt
      await (isDue ? this.poll() : this.pollInBetween())
      if (this.#timer) this.#pollLater()
    }, wait)
  }

  /** Polls now, one at a time. */
  poll = (): Promise<void> => this.#pollOnce(true)

  /** The same between two polls, without moving the cursor, which must lag by an interval of time. */
  pollInBetween = (): Promise<void> => this.#pollOnce(false)

  #pollOnce(movesCursor: boolean): Promise<void> {
    if (movesCursor) this.#dueAt = performance.now() + pollMs
    this.#running ??= this.#ask(movesCursor).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #ask(movesCursor: boolean): Promise<void> {
    const { source, userIds, advance, restored } = this.#options
    try {
      // From one poll further back: the last poll did not cover users who came during it.
      const found = await source.changedSince(this.cursor, userIds())
      if (found.history !== this.history) {
        clearTimeout(this.#timer)
        this.#timer = undefined
        // Not awaited: it waits for this poll.
        return void restored()
      }
      // What could not be written now is found again from the same place.
      if (!(await advance(found.changed)) || !movesCursor) return
      // One poll behind: receipts, which have no number, are published up to a second after they are stored; and a
      // database that crashes may give out the numbers of its last transactions again.
      this.cursor = this.#next
      this.#next = found.cursor
    } catch (error) {
      failedPolls.value++
      log.warn({ err: error }, 'polling for changes failed')
    }
  }
}
