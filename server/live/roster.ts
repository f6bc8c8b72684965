import type { Redis } from 'ioredis'

/** Streams a user may hold, on all his devices together. */
const most = 10
/** Longer than any stream lives: a roster that a fallen worker left behind is forgotten. Seconds. */
const forgottenAfter = 24 * 60 * 60

/** Which streams a user has open, in all workers. */
export interface Roster {
  /** Enters a stream. @returns the ids of those that have to go for it, the oldest */
  enter(userId: number, streamId: string): Promise<string[]>
  leave(userId: number, streamId: string): void
}

export function openInProcessRoster(): Roster {
  const open = new Map<number, Set<string>>()
  return {
    async enter(userId, streamId) {
      const streams = open.get(userId) ?? new Set()
      open.set(userId, streams.add(streamId))
      const gone = [...streams].slice(0, Math.max(0, streams.size - most))
      for (const id of gone) streams.delete(id)
      return gone
    },
    leave(userId, streamId) {
      const streams = open.get(userId)
      streams?.delete(streamId)
      if (streams?.size === 0) open.delete(userId)
    },
  }
}

/** What a fallen worker left in a roster are its oldest entries, and the first to go. */
export function openRedisRoster(redis: Redis): Roster {
  const key = (userId: number) => `streams:${userId}`
  return {
    async enter(userId, streamId) {
      const answers = await redis
        .multi()
        .zadd(key(userId), `${Date.now()}`, streamId)
        .zrange(key(userId), 0, `${-most - 1}`)
        .zremrangebyrank(key(userId), 0, -most - 1)
        .expire(key(userId), forgottenAfter)
        .exec()
        // Without Redis nobody counts.
        .catch(() => null)
      return (answers?.[1]?.[1] as string[] | undefined) ?? []
    },
    leave(userId, streamId) {
      redis.zrem(key(userId), streamId).catch(() => {})
    },
  }
}

/** The worker's roster. Set by `useRoster`. */
export let roster: Roster

export function useRoster(opened: Roster): void {
  roster = opened
}
