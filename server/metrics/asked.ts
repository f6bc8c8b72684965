import type { Measured } from './measure.ts'

/** What the supervisor and its processes say to each other: a scrape meets one worker, and asks for all. */
export type MeasuresMessage =
  /** A worker to the supervisor: what have all measured? */
  | { measures: 'wanted'; round: number }
  /** The supervisor to each process: what have you measured? */
  | { measures: 'asked'; round: number }
  /** Its answer. */
  | { measures: Measured[]; round: number }
  /** The supervisor's. */
  | { measuresOfAll: Measured[][]; round: number }

export const isAboutMeasures = (message: unknown): message is MeasuresMessage =>
  typeof message === 'object' &&
  message !== null &&
  'round' in message &&
  ('measures' in message || 'measuresOfAll' in message)
