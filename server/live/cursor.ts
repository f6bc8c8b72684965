/** A place in the history: `epoch-xmin-time`, opaque to whoever carries it. */
export interface Cursor {
  /** Another one for another history, and after a restart of the database. */
  epoch: string
  /** Every transaction below had ended. */
  xmin: bigint
  /** ms since 1970, by the database's clock */
  time: number
}

/**
 * The ids of a stream's events. Every transaction below `xmin` had ended and was written to the stream before the
 * event, so `xid >= xmin` finds what a reader with this cursor may not have seen; ids of rows would not do, for rows
 * are not committed in the order of their ids.
 */
export const writeCursor = ({ epoch, xmin, time }: Cursor) => `${epoch}-${xmin}-${time.toString(36)}`

/** Another epoch is that of a database that crashed since. */
export const isLater = (a: Cursor | undefined, b: Cursor | undefined): boolean =>
  a !== undefined && (!b || a.epoch !== b.epoch || a.xmin > b.xmin)

/** @returns undefined for what we never wrote */
export function readCursor(text: string): Cursor | undefined {
  const [, epoch, xmin, time] = /^([0-9a-f]{8})-(\d{1,18})-([0-9a-z]{1,9})$/.exec(text) ?? []
  return epoch && xmin && time ? { epoch, xmin: BigInt(xmin), time: Number.parseInt(time, 36) } : undefined
}
