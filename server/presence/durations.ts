import { limits } from '../contract/limits.ts'

/** Milliseconds. Tests shorten them before the worker starts. */
export const durations = {
  /** A device without a sign of life for so long is gone, unless its heartbeat says for how long it counts. */
  ttl: limits.presenceMs as number,
  /** How often an open stream is entered afresh. */
  refresh: 30_000,
  /** Who comes back within it was never away: a reload makes no flicker. */
  grace: 5_000,
  awayAfter: 5 * 60_000,
  sweepEvery: 1_000,
  /** A user's write requests are entered at most so often by each worker. */
  touchEvery: 30_000,
}

export type Durations = typeof durations
