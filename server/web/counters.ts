import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

/** When there are more names or addresses than this, the least recently used are forgotten. */
export const maxCounted = 10_000

/** Counts in this process, for a limited number of keys. */
export class Counters extends RateLimiterMemory {
  readonly #counted = new LRUCache<string, true>({
    max: maxCounted,
    dispose: (_, key, reason) => reason === 'evict' && void super.delete(key),
  })

  override consume(key: string | number, points?: number): Promise<RateLimiterRes> {
    this.#counted.set(String(key), true)
    return super.consume(key, points)
  }

  override reward(key: string | number, points?: number): Promise<RateLimiterRes> {
    this.#counted.set(String(key), true)
    return super.reward(key, points)
  }
}
