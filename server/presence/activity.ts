import type { RequestHandler } from 'express'
import { fingerprint } from '../live/envelope.ts'
import { announce } from './announce.ts'
import { bestEffort } from './best-effort.ts'
import { durations } from './durations.ts'
import { register } from './register.ts'

const attempt = bestEffort('noting activity')

/**
 * A page or program is still open; `isActive` says whether its user did anything there lately.
 * @param lastsMs for how long that counts
 */
export async function beat(
  userId: number,
  sessionId: string,
  isActive: boolean,
  lastsMs = durations.ttl,
): Promise<void> {
  const beaten = register.beat(userId, fingerprint(sessionId), isActive ? 'yes' : 'no', lastsMs)
  announce(await attempt(beaten, undefined))
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Sent by an open page whether or not anybody sits before it. */
const automatic = /\/(heartbeat|read)$/

/** A request that writes counts as activity of its user. */
export const touch: RequestHandler = (req, _res, next) => {
  if (req.user && !reading.has(req.method) && !automatic.test(req.path)) noteActivity(req.user.id)
  next()
}

/** User → when their activity was last noted by this worker, ms since 1970. */
const noted = new Map<number, number>()

/** The user did something. Costs a map lookup, and rarely a write to the register. */
export function noteActivity(userId: number): void {
  const now = Date.now()
  if (now - (noted.get(userId) ?? 0) < durations.touchEvery) return
  noted.set(userId, now)
  attempt(register.touch(userId), undefined).then(announce)
}

/** So that the map holds only who was active lately. */
export function forgetTouches(): void {
  const before = Date.now() - durations.touchEvery
  for (const [userId, at] of noted) {
    // In the order they were noted, for the most part; what stays behind goes a little later.
    if (at > before) break
    noted.delete(userId)
  }
}
