import { limits } from '../../contract/limits.ts'

/** Milliseconds, as NODUS counts them. Tests shorten them. */
export const durations = {
  /** Its clients say every few seconds that somebody types. */
  typing: limits.nodusTypingMs as number,
  /** Its clients send a heartbeat every two or three minutes. */
  presence: limits.nodusPresenceMs as number,
}
