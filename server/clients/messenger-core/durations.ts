/** Milliseconds, as Messenger Core counts them. Tests shorten them. */
export const durations = {
  ping: 25_000,
}
