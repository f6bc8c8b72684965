import { limits } from '../../contract/limits.ts'

/** Milliseconds, as the presence and typing client counts them. Tests shorten them. */
export const durations = {
  typing: limits.presenceClientTypingMs as number,
}
