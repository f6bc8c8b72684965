import type { Redis } from 'ioredis'
import type { Durations } from './durations.ts'
import { enter, sweep } from './redis-scripts.ts'
import type { Change, Device, Found, Register, Status } from './register.ts'

/** The one place where keys get their names; of one hash tag, so that a cluster keeps them together. */
const keys = {
  devices: (userId: number) => `{presence}:devices:${userId}`,
  present: '{presence}:present',
  awake: '{presence}:awake',
  away: '{presence}:away',
}

/** Expired users taken in one step, which blocks the whole Redis. */
const maxTaken = 100

const noDevice: Device = { session: '', stream: '' }

/** The register that workers share. Fails while Redis is away, and holds again once it is back. */
export function openRedisRegister(redis: Redis, durations: Durations): Register {
  const { ttl, grace } = durations
  // EVAL and not EVALSHA: a script that has to be sent again after all would be overtaken by a later one.
  const note = async (step: string, userId: number, { session, stream }: Device, activity = 'no') => {
    const changed = await redis.eval(
      enter,
      4,
      ...[keys.devices(userId), keys.present, keys.awake, keys.away],
      ...[step, userId, session, stream, activity, ttl, grace],
    )
    return changed ? readChange([userId, ...(changed as string[])]) : undefined
  }
  return {
    arrive: (userId, device, activity) => note('arrive', userId, device, activity),
    know: (userId, device) => note('know', userId, device),
    beat: (userId, session, activity) => note('beat', userId, { session, stream: '' }, activity),
    touch: (userId) => note('touch', userId, noDevice, 'yes'),
    leave: (userId, device) => note('leave', userId, device),
    async sweep() {
      const changes: Change[] = []
      for (let full = true; full; ) {
        const taken = await take(redis, durations.awayAfter)
        changes.push(...taken)
        full = taken.length >= maxTaken
      }
      return changes
    },
    find: (userIds) => find(redis, userIds),
  }
}

async function take(redis: Redis, awayAfter: number): Promise<Change[]> {
  const changes = (await redis.eval(
    ...([sweep, 3, keys.present, keys.awake, keys.away, awayAfter, maxTaken] as const),
  )) as string[]
  return Array.from({ length: changes.length / 4 }, (_, i) => readChange(changes.slice(4 * i, 4 * i + 4)))
}

function readChange([userId, status, at, seen]: (string | number)[]): Change {
  return { userId: Number(userId), status: status as Status, at: Number(at), seen: Number(seen) || undefined }
}

async function find(redis: Redis, userIds: readonly number[]): Promise<Found[]> {
  if (userIds.length === 0) return []
  const ids = userIds.map(String)
  const [present, awake, away] = await Promise.all([
    redis.zmscore(keys.present, ids),
    redis.zmscore(keys.awake, ids),
    redis.zmscore(keys.away, ids),
  ])
  return ids.map((_, i) => ({
    status: !present[i] ? 'offline' : away[i] ? 'away' : 'online',
    seen: Number(awake[i] ?? away[i]) || undefined,
  }))
}
