import { batched } from '../db/batch.ts'
import type { RedisConnection } from './redis-connection.ts'

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

/**
 * KEYS: the roster of each user. ARGV: now, how many may stay, ttl, then the stream to enter in each. Returns the streams
 * that are evicted from each.
 */
const enter = `
local evicted = {}
for i, roster in ipairs(KEYS) do
  redis.call('ZADD', roster, ARGV[1], ARGV[3 + i])
  evicted[i] = redis.call('ZRANGE', roster, 0, -ARGV[2] - 1)
  if #evicted[i] > 0 then redis.call('ZREM', roster, unpack(evicted[i])) end
  redis.call('EXPIRE', roster, ARGV[3])
end
return evicted
`

/** What a fallen worker left in a roster are its oldest entries, and the first to be evicted. */
export function openRedisRoster(redis: RedisConnection): Roster {
  const key = (userId: number) => `{streams}:${userId}`
  const enterOne = batched<{ userId: number; streamId: string }, string[]>({
    ask: (entering) =>
      redis.eval(
        ...([enter, entering.length, ...entering.map(({ userId }) => key(userId))] as const),
        ...[Date.now(), maxStreams, ttlSeconds, ...entering.map(({ streamId }) => streamId)],
      ) as Promise<string[][]>,
  })
  return {
    // Without Redis nothing is counted.
    enter: (userId, streamId) => enterOne({ userId, streamId }).catch(() => []),
    leave(userId, streamId) {
      redis.zrem(key(userId), streamId).catch(() => {})
    },
  }
}
