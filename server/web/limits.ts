import type { Cluster, Redis } from 'ioredis'
import { RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible'
import { config } from '../config.ts'
import { refusedForRate } from '../metrics/measures.ts'
import { Counters } from './counters.ts'
import { Problem } from './problem.ts'

/**
 * Points per duration in seconds: generous to people who type and click, and to a whole office behind one address, and
 * far below what would slow the service down.
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
  /** Exchanges of refresh tokens, by address. */
  refresh: { points: 300, duration: 60 },
  /** Messages; a forwarded one counts once for each conversation. */
  send: { points: 60, duration: 10 },
  /** Changes of what exists already. */
  change: { points: 60, duration: 10 },
  /** New conversations, and members added or removed. */
  gather: { points: 20, duration: 60 },
  /** What a client says over a WebSocket, whatever it is. */
  frame: { points: 600, duration: 10 },
  typing: { points: 30, duration: 10 },
  upload: { points: 100, duration: 5 * 60 },
  /** Of what policies have forbidden; a page that meets one has many. */
  report: { points: 30, duration: 60 },
  search: { points: 60, duration: 30 },
  stream: { points: 60, duration: 60 },
  /** KiB of answers, plus a base cost for each; see reads.ts. */
  read: { points: 24 * 1024, duration: 10 },
} satisfies Record<string, { points: number; duration: number }>

export type Limit = keyof typeof limits

let limiters: Map<Limit, Counters | RateLimiterRedis> | undefined

/** Counts in Redis for all workers; in this process when there is no Redis, or while it is away. */
export function openLimits(redis: Redis | Cluster | undefined): void {
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
 * Spends points of `who`.
 * @throws Problem 429 with the seconds to wait
 */
export async function spend(limit: Limit, who: string | number, times = 1): Promise<void> {
  const wait = await trySpend(limit, who, times)
  if (wait) throw rateLimited(wait)
}

/** Spends points even when there are not enough. @returns 0, or the milliseconds to wait when there were not enough */
export async function trySpend(limit: Limit, who: string | number, times: number): Promise<number> {
  try {
    await limiters?.get(limit)?.consume(who, times)
    return 0
  } catch (refused) {
    if (refused instanceof Error) throw refused
    refusedForRate.value++
    return Math.max(1, (refused as RateLimiterRes).msBeforeNext)
  }
}

/** @param wait milliseconds */
export function rateLimited(wait: number): Problem {
  const retryAfter = Math.max(1, Math.ceil(wait / 1000))
  return new Problem(429, 'rate_limited', `Too many requests. Try again in ${retryAfter} s.`, { retryAfter })
}

export async function resetLimit(limit: Limit, who: string | number): Promise<void> {
  await limiters?.get(limit)?.delete(who)
}

/** Returns one point to `who`. */
export async function refund(limit: Limit, who: string | number): Promise<void> {
  await limiters?.get(limit)?.reward(who)
}
