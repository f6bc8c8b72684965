/**
 * How a change committed in one worker reaches the streams of all. A bus carries envelopes to users; a worker
 * listens for those users only who have a stream open there. It is a fast path: what it loses is found in
 * PostgreSQL.
 */
export interface Bus {
  /** Never throws and is never waited for: what was committed stays committed when telling fails. */
  publish(userIds: readonly number[], envelope: Buffer): void
  /** Resolves once nothing published from now on is missed. */
  listen(userId: number): Promise<void>
  unlisten(userId: number): void
  close(): Promise<void>
}

/** Called with every envelope for a user who is listened for. */
export type Deliver = (userId: number, envelope: Buffer) => void

/** For one process: the same promises without a Redis. */
export function openInProcessBus(deliver: Deliver): Bus {
  const listened = new Set<number>()
  return {
    publish(userIds, envelope) {
      // Later, as with Redis: a handler has answered before its streams are written.
      setImmediate(() => {
        for (const userId of userIds) if (listened.has(userId)) deliver(userId, envelope)
      })
    },
    async listen(userId) {
      listened.add(userId)
    },
    unlisten: (userId) => void listened.delete(userId),
    close: async () => listened.clear(),
  }
}

/** The worker's bus. Set by `openBus`. */
export let bus: Bus

export function useBus(opened: Bus): void {
  bus = opened
}
