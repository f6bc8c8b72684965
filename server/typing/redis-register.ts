import type { Redis } from 'ioredis'
import type { Durations } from './durations.ts'
import type { TypingRegister, Typist } from './register.ts'

/** The one place where keys get their names; of one hash tag, so that a cluster keeps them together. */
const keys = {
  /** Typists → when they stop, ms by the clock of Redis. */
  typists: '{typing}:typists',
  /** Lives while it is too early to publish again. */
  published: (typist: string) => `{typing}:published:${typist}`,
}

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/** A typist who is not published is not entered, so that no stop is published without a start; only prolonged. */
const start = `${now}
local due = redis.call('SET', KEYS[2], 1, 'NX', 'PX', ARGV[3])
if due then redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
else redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1]) end
return due and 1 or 0
`

const sweep = `${now}
local stopped = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1000)
if #stopped > 0 then redis.call('ZREM', KEYS[1], unpack(stopped)) end
local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return {stopped, next and next - now or -1}
`

const nameOf = ({ conversationId, userId }: Typist) => `${conversationId}:${userId}`

function readName(name: string): Typist {
  const [conversationId, userId] = name.split(':').map(Number) as [number, number]
  return { conversationId, userId }
}

/** The register that workers share. Fails while Redis is away, and holds again once it is back. */
export function openRedisTyping(redis: Redis, { stopsAfter, publishEvery }: Durations): TypingRegister {
  return {
    async start(typist) {
      const name = nameOf(typist)
      return (
        1 === (await redis.eval(start, 2, keys.typists, keys.published(name), name, stopsAfter, publishEvery))
      )
    },
    stop: async (typist) => (await redis.zrem(keys.typists, nameOf(typist))) > 0,
    async sweep() {
      const [names, next] = (await redis.eval(sweep, 1, keys.typists)) as [string[], number]
      return { stopped: names.map(readName), next: next < 0 ? undefined : next }
    },
  }
}
