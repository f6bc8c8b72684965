import type { Live } from '../live/live.ts'
import type { RedisConnection } from '../live/redis-connection.ts'
import { forgetTouches } from './activity.ts'
import { announce } from './announce.ts'
import { attempt, followStreams, refreshDevices } from './devices.ts'
import { durations } from './durations.ts'
import { openInProcessRegister } from './in-process-register.ts'
import { openRedisRegister } from './redis-register.ts'
import { register, useRegister } from './register.ts'

/** @param redis where the workers share who is here; without it there is one worker. */
export function openPresence(redis: RedisConnection | undefined): void {
  useRegister(redis ? openRedisRegister(redis, durations) : openInProcessRegister(durations))
}

/** Follows the streams of this worker. @returns to be called at the end, before the streams end */
export function startPresence(live: Live): () => void {
  const unfollow = followStreams(live)
  const stop = sweepRepeatedly()
  return () => {
    stop()
    unfollow()
  }
}

/** One timer for all users of this worker; the next round begins when the last one has ended. */
function sweepRepeatedly(): () => void {
  let timer: NodeJS.Timeout | undefined
  const sweepLater = () => {
    timer = setTimeout(async () => {
      await sweep()
      if (timer) sweepLater()
    }, durations.sweepEvery)
  }
  sweepLater()
  return () => {
    clearTimeout(timer)
    timer = undefined
  }
}

async function sweep(): Promise<void> {
  forgetTouches()
  await refreshDevices()
  for (const change of await attempt(register.sweep(), [])) announce(change)
}
