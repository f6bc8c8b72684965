import { log } from '../log.ts'
import { type Changed, type Cursor, source } from './source.ts'

/** How long a change that nobody announced stays unseen: this, and a moment to find it. Milliseconds. */
const every = 2500

/** Where streams stand. Everything below it was told to every stream of this worker. */
export let cursor: Cursor | undefined

let upcoming: Cursor | undefined
let timer: NodeJS.Timeout | undefined
let running: Promise<void> | undefined

interface Watched {
  userIds(): number[]
  /** Sees to it that all of these are told. @returns whether they were */
  settle(changed: Changed[]): Promise<boolean>
  /** The database was restored from a backup: nothing that this process knows of it holds. */
  restored(): void
}

let watched: Watched
let history: string

/** Looks every few seconds for changes that the bus did not bring. @throws Error when the database is away */
export async function startWatching(streams: Watched): Promise<void> {
  watched = streams
  const now = await source.changedSince(undefined, [])
  cursor = upcoming = now.cursor
  history = now.history
  const again = () => {
    timer = setTimeout(() => lookNow().finally(again), every)
  }
  again()
}

export async function stopWatching(): Promise<void> {
  clearTimeout(timer)
  await running
}

/** Looks now; after the bus was away, or before somebody relies on it. */
export async function lookNow(): Promise<void> {
  running ??= look().finally(() => {
    running = undefined
  })
  return running
}

async function look(): Promise<void> {
  try {
    // From one look further back: who came while the last one looked was not looked for by it.
    const found = await source.changedSince(cursor, watched.userIds())
    // Not waited for: it waits for this look.
    if (found.history !== history) return void watched.restored()
    // What could not be told now is found again from the same place.
    if (!(await watched.settle(found.changed))) return
    // One look behind: receipts, which have no number, are told up to a second after they are stored.
    cursor = upcoming
    upcoming = found.cursor
  } catch (error) {
    log.warn({ err: error }, 'changes could not be looked for')
  }
}
