import { limits } from '../contract/limits.ts'

/** Milliseconds. Tests shorten them before the worker starts. */
export const durations = {
  /** Who says nothing more for so long has stopped. */
  stopsAfter: limits.typingMs as number,
  /** That somebody is typing is told at most so often. */
  toldEvery: 1_000,
  /** At the latest so often a worker looks for those who stopped: those of a fallen worker are found by it. */
  sweepEvery: 1_000,
}

export type Durations = typeof durations
