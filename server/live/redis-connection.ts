import { Redis } from 'ioredis'
import { RedisBreaker } from './redis-breaker.ts'
import type { BreakingCluster } from './redis-cluster.ts'
import { type Listening, subscribing } from './redis-listening.ts'

/** What `openRedis` opens. Commands with several keys need a hash tag in them, for a Cluster. */
export type RedisConnection = BreakingRedis | BreakingCluster

const maxSilentMs = 3000

/** A connection to a single Redis, or to whichever one the Sentinels name, with a circuit breaker. */
export class BreakingRedis extends Redis {
  readonly #breaker = new RedisBreaker(this, { tells: this, maxSilentMs })

  get isSilent(): boolean {
    return this.#breaker.isSilent
  }

  /** Of keys ioredis does it by itself; channels are common to all databases of a Redis. */
  #channel = (name: string) => `${this.options.keyPrefix}${name}`

  publishTo = (channel: string, message: Buffer): Promise<number> =>
    this.publish(this.#channel(channel), message)

  listenTo(channel: string): Listening {
    const subscriber = this.duplicate(subscribing)
    return {
      subscriber,
      event: 'messageBuffer',
      subscribe: () => subscriber.subscribe(this.#channel(channel)),
    }
  }
}
