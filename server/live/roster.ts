import type { Redis } from 'ioredis'

/** Of a user, on all their devices together. */
const maxStreams = 10
/** Longer than any stream lives: a roster that a fallen worker left behind expires. */
const ttlSeconds = 24 * 60 * 60

/** Which streams a user has open, in all workers. */
export interface Roster {
  /** Enters a stream. @returns the ids of those that are evicted for it, the oldest */
  enter(userId: number, streamId: string): Promise<string[]>
  leave(userId: number, streamId: string): void
}

export function openInProcessRoster(): Roster {
  const open = new Map<number, Set<string>>()
  return {
    async enter(userId, streamId) {
      const streams = open.get(userId) ?? new Set()
      open.set(userId, streams.add(streamId))
      const evicted = [...streams].slice(0, Math.max(0, streams.size - maxStreams))
      for (const id of evicted) streams.delete(id)
      return evicted
    },
    leave(userId, streamId) {
      const streams = open.get(userId)
      streams?.delete(streamId)
      if (streams?.size === 0) open.delete(userId)
    },
  }
}

/** What a fallen worker left in a roster are its oldest entries, and the first to be evicted. */
export function openRedisRoster(redis: Redis): Roster {
  const key = (userId: number) => `streams:${userId}`
  return {
    async enter(userId, streamId) {
      const answers = await redis
        .multi()
        .zadd(key(userId), `${Date.now()}`, streamId)
        .zrange(key(userId), 0, `${-maxStreams - 1}`)
        .zremrangebyrank(key(userId), 0, -maxStreams - 1)
        .expire(key(userId), ttlSeconds)
        .exec()
        // Without Redis nothing is counted.
        .catch(() => null)
      return (answers?.[1]?.[1] as string[] | undefined) ?? []
    },
    leave(userId, streamId) {
      redis.zrem(key(userId), streamId).catch(() => {})
    },
  }
}
