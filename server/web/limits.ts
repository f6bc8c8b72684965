import type { Redis } from 'ioredis'
import { RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import { config } from '../config.ts'
import { Counters } from './counters.ts'
import { Problem } from './problem.ts'

/**
 * How much of something in how many seconds: generous to whoever types, clicks or sits behind one address with a
 * whole office, and far below what would slow the service down.
 */
const limits = {
  /**
   * Wrong guesses: from an address, at an account from one address or known browser, at an account from browsers that
   * it was never signed in to with.
   */
  sign_in_address: { points: 100, duration: 15 * 60 },
  sign_in_here: { points: 10, duration: 15 * 60 },
  sign_in_account: { points: 100, duration: 15 * 60 },
  register: { points: 20, duration: 60 * 60 },
  /** Messages; one that is forwarded counts at each place. */
  send: { points: 60, duration: 10 },
  /** Of what is there already. */
  change: { points: 60, duration: 10 },
  /** Conversations begun, and members who come or go. */
  gather: { points: 20, duration: 60 },
  typing: { points: 30, duration: 10 },
  upload: { points: 100, duration: 5 * 60 },
  search: { points: 60, duration: 30 },
  stream: { points: 60, duration: 60 },
  /** KiB of answers, and what each costs besides; see reads.ts. */
  read: { points: 24 * 1024, duration: 10 },
} satisfies Record<string, { points: number; duration: number }>

export type Limit = keyof typeof limits

let limiters: Map<Limit, Counters | RateLimiterRedis> | undefined

/** Counts in Redis for all workers; in this process without one, and while it is away. */
export function openLimits(redis: Redis | undefined): void {
  if (!config.rateLimits) return
  limiters = new Map(
    (Object.keys(limits) as Limit[]).map((name): [Limit, Counters | RateLimiterRedis] => {
      const options = { keyPrefix: `limit:${name}`, ...limits[name] }
      const memory = new Counters(options)
      if (!redis) return [name, memory]
      return [name, new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory })]
    }),
  )
}

/**
 * Takes one, or more, from what `who` may do.
 * @throws Problem 429 with the seconds to wait
 */
export async function spend(limit: Limit, who: string | number, times = 1): Promise<void> {
  const wait = await overspent(limit, who, times)
  if (wait) throw tooMuch(wait)
}

/** Takes it whether it is there or not. @returns the milliseconds until there is some again, when it was not */
export async function overspent(limit: Limit, who: string | number, times: number): Promise<number> {
  try {
    await limiters?.get(limit)?.consume(who, times)
    return 0
  } catch (refused) {
    if (refused instanceof Error) throw refused
    return Math.max(1, (refused as RateLimiterRes).msBeforeNext)
  }
}

/** @param wait milliseconds */
export function tooMuch(wait: number): Problem {
  const retryAfter = Math.max(1, Math.ceil(wait / 1000))
  return new Problem(429, 'rate_limited', `Too much at once. Try again in ${retryAfter} s.`, { retryAfter })
}

/** Forgets what `who` has spent. */
export async function forgive(limit: Limit, who: string | number): Promise<void> {
  await limiters?.get(limit)?.delete(who)
}

/** Gives `who` one back. */
export async function giveBack(limit: Limit, who: string | number): Promise<void> {
  await limiters?.get(limit)?.reward(who)
}
