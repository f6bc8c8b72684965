/** Carries envelopes of committed changes to users, whichever worker their streams are in. */
export interface Publisher {
  /** Best effort: never throws and is never awaited; what it loses is found in PostgreSQL. */
  publish(userIds: readonly number[], envelope: Buffer): void
}

/**
 * A worker's end of the fast path between workers: it subscribes to the users who have a stream in the worker, and to
 * no others.
 */
export interface Bus extends Publisher {
  /** Resolves once nothing published from now on is missed. */
  subscribe(userId: number): Promise<void>
  unsubscribe(userId: number): void
  close(): Promise<void>
}

/** What a worker does with what the bus brings. */
export interface Receiver {
  /** Called with every envelope for a subscribed user. */
  deliver(userId: number, envelope: Buffer): void
  /** Called after an interruption: what was published meanwhile is lost. */
  reconnected(): void
}

/** Connects one more end to a bus. */
export type ConnectBus = (receiver: Receiver) => Bus

/** The bus of a single process, without Redis. */
export function inProcessBus(): ConnectBus {
  const ends = new Set<{ subscribed: Set<number>; deliver: Receiver['deliver'] }>()
  return ({ deliver }) => {
    const end = { subscribed: new Set<number>(), deliver }
    ends.add(end)
    return {
      publish(userIds, envelope) {
        // Asynchronously, as with Redis: a handler has answered before its streams are written.
        setImmediate(() => {
          for (const { subscribed, deliver } of ends)
            for (const userId of userIds) if (subscribed.has(userId)) deliver(userId, envelope)
        })
      },
      async subscribe(userId) {
        end.subscribed.add(userId)
      },
      unsubscribe: (userId) => void end.subscribed.delete(userId),
      close: async () => void ends.delete(end),
    }
  }
}
