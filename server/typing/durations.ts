import { limits } from '../contract/limits.ts'

/** Milliseconds. Tests shorten them before the worker starts. */
export const durations = {
  /** Without another call for so long, typing has stopped, unless the call itself says for how long it counts. */
  stopsAfter: limits.typingMs as number,
  /** How often, at most, typing is published. */
  publishEvery: 1_000,
  /** At least so often a worker polls for those who stopped, also those of a fallen worker. */
  sweepEvery: 1_000,
}

export type Durations = typeof durations
