import type { Redis } from 'ioredis'
import { forgetTouches } from './activity.ts'
import { announce } from './announce.ts'
import { followStreams, refreshDevices, soft, unfollowStreams } from './devices.ts'
import { durations } from './durations.ts'
import { openInProcessRegister } from './in-process-register.ts'
import { openRedisRegister } from './redis-register.ts'
import { register, useRegister } from './register.ts'

let timer: NodeJS.Timeout | undefined

/** @param redis where the workers share who is here; without it there is one worker. */
export function openPresence(redis: Redis | undefined): void {
  useRegister(redis ? openRedisRegister(redis, durations) : openInProcessRegister(durations))
  followStreams()
  sweepLater()
}

/** One timer for all users of this worker; the next round begins when the last one has ended. */
function sweepLater(): void {
  timer = setTimeout(async () => {
    const mine = timer
    forgetTouches()
    await refreshDevices()
    for (const change of await soft(register.sweep(), [])) announce(change)
    if (timer === mine) sweepLater()
  }, durations.sweepEvery)
}

export function closePresence(): void {
  unfollowStreams()
  clearTimeout(timer)
  timer = undefined
}
