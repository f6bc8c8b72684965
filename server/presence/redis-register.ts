import { batched } from '../db/batch.ts'
import type { RedisConnection } from '../live/redis-connection.ts'
import type { Durations } from './durations.ts'
import { enter, sweep } from './redis-scripts.ts'
import type { Activity, Change, Device, Found, Register, Status } from './register.ts'

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

interface Note {
  step: 'arrive' | 'know' | 'beat' | 'touch' | 'leave'
  userId: number
  device: Device
  activity: Activity
  /** For how many ms it keeps its device. */
  lastsMs: number
}

/** The register that workers share. Fails while Redis is away, and holds again once it is back. */
export function openRedisRegister(redis: RedisConnection, durations: Durations): Register {
  const { ttl, grace } = durations
  const note = batched<Note, Change | undefined>({
    keyOf: ({ userId }) => userId,
    async ask(notes) {
      // EVAL and not EVALSHA: a script that has to be sent again after all would be overtaken by a later one.
      const changes = (await redis.eval(
        enter,
        3 + notes.length,
        ...[keys.present, keys.awake, keys.away, ...notes.map(({ userId }) => keys.devices(userId))],
        grace,
        ...notes.flatMap(({ step, userId, device, activity, lastsMs }) => [
          step,
          userId,
          device.session,
          device.stream,
          activity,
          lastsMs,
        ]),
      )) as (string[] | null)[]
      return changes.map((changed, i) => (changed ? readChange([notes[i]!.userId, ...changed]) : undefined))
    },
  })
  return {
    arrive: (userId, device, activity) => note({ step: 'arrive', userId, device, activity, lastsMs: ttl }),
    know: (userId, device) => note({ step: 'know', userId, device, activity: 'no', lastsMs: ttl }),
    beat: (userId, session, activity, lastsMs) =>
      note({ step: 'beat', userId, device: { session, stream: '' }, activity, lastsMs }),
    touch: (userId) => note({ step: 'touch', userId, device: noDevice, activity: 'yes', lastsMs: ttl }),
    leave: (userId, device) => note({ step: 'leave', userId, device, activity: 'no', lastsMs: ttl }),
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

async function take(redis: RedisConnection, awayAfter: number): Promise<Change[]> {
  const changes = (await redis.eval(
    ...([sweep, 3, keys.present, keys.awake, keys.away, awayAfter, maxTaken] as const),
  )) as string[]
  return Array.from({ length: changes.length / 4 }, (_, i) => readChange(changes.slice(4 * i, 4 * i + 4)))
}

function readChange([userId, status, at, seen]: (string | number)[]): Change {
  return { userId: Number(userId), status: status as Status, at: Number(at), seen: Number(seen) || undefined }
}

async function find(redis: RedisConnection, userIds: readonly number[]): Promise<Found[]> {
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
