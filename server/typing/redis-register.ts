import type { RedisConnection } from '../live/redis-connection.ts'
import type { Durations } from './durations.ts'
import type { TypingRegister, Typist } from './register.ts'

/** The one place where keys get their names; of one hash tag, so that a cluster keeps them together. */
const keys = {
  /** Typists → when they stop, ms by the clock of Redis. */
  typists: '{typing}:typists',
  /** The same of those who began again too early to be published, so that neither is their stop. */
  quiet: '{typing}:quiet',
  /** Lives while it is too early to publish again. */
  published: (typist: string) => `{typing}:published:${typist}`,
}

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/** KEYS: typists, quiet, published. ARGV: the typist, for how long they type, and how long it is too early to publish. */
const start = `${now}
local due = redis.call('SET', KEYS[3], 1, 'NX', 'PX', ARGV[3])
local stops = math.max(now + ARGV[2], tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or 0))
if due or redis.call('ZSCORE', KEYS[1], ARGV[1]) then redis.call('ZADD', KEYS[1], 'GT', stops, ARGV[1])
else redis.call('ZADD', KEYS[2], stops, ARGV[1]) end
return due and 1 or 0
`

const stop = `
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
`

const sweep = `${now}
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local stopped = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1000)
if #stopped > 0 then redis.call('ZREM', KEYS[1], unpack(stopped)) end
local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return {stopped, next and next - now or -1}
`

/** Looks up only those who are asked for, however many type elsewhere. */
const typing = `${now}
local shown = redis.call('ZMSCORE', KEYS[1], unpack(ARGV))
local quiet = redis.call('ZMSCORE', KEYS[2], unpack(ARGV))
local found = {}
for i, name in ipairs(ARGV) do
  if tonumber(shown[i] or quiet[i] or 0) > now then found[#found + 1] = name end
end
return found
`

const nameOf = ({ conversationId, userId }: Typist) => `${conversationId}:${userId}`

function readName(name: string): Typist {
  const [conversationId, userId] = name.split(':').map(Number) as [number, number]
  return { conversationId, userId }
}

/** The register that workers share. Fails while Redis is away, and holds again once it is back. */
export function openRedisTyping(
  redis: RedisConnection,
  { publishEvery }: Pick<Durations, 'publishEvery'>,
): TypingRegister {
  return {
    async start(typist, lastsMs) {
      const name = nameOf(typist)
      const own = [keys.typists, keys.quiet, keys.published(name)] as const
      return 1 === (await redis.eval(start, 3, ...own, name, lastsMs, publishEvery))
    },
    stop: async (typist) => 1 === (await redis.eval(stop, 2, keys.typists, keys.quiet, nameOf(typist))),
    async sweep() {
      const [names, next] = (await redis.eval(sweep, 2, keys.typists, keys.quiet)) as [string[], number]
      return { stopped: names.map(readName), next: next < 0 ? undefined : next }
    },
    async typistsAmong(conversationId, userIds) {
      const names = userIds.map((userId) => nameOf({ conversationId, userId }))
      const found = (await redis.eval(typing, 2, keys.typists, keys.quiet, ...names)) as string[]
      return found.map((name) => readName(name).userId)
    },
  }
}
