import type { RedisServer } from '../server/testing/redis.ts'
import { ClusterGroup } from '../server/testing/redis-cluster.ts'
import { SentinelGroup } from '../server/testing/redis-sentinel.ts'
import type { BreakableRedis } from './redis.ts'

interface Group {
  url: string
  revive(old: RedisServer): Promise<void>
  stop(): Promise<void>
}

/** Several Redis, of which the one that is needed most is frozen and killed. */
export class FragileGroup implements BreakableRedis {
  readonly url: string
  readonly #group: Group
  readonly #needed: () => Promise<RedisServer>
  #broken: RedisServer | undefined

  private constructor(group: Group, needed: () => Promise<RedisServer>) {
    this.#group = group
    this.#needed = needed
    this.url = group.url
  }

  static async start(kind: 'sentinel' | 'cluster', folder: string): Promise<FragileGroup> {
    if (kind === 'cluster') {
      const cluster = await ClusterGroup.start(folder)
      return new FragileGroup(cluster, () => cluster.owner('{presence}'))
    }
    const sentinel = await SentinelGroup.start(folder)
    return new FragileGroup(sentinel, () => sentinel.master())
  }

  freeze = (): Promise<void> => this.#signal('SIGSTOP')
  kill = (): Promise<void> => this.#signal('SIGKILL')
  thaw = (): Promise<void> => this.#group.revive(this.#broken!)
  startAgain = (): Promise<void> => this.#group.revive(this.#broken!)
  stop = (): Promise<void> => this.#group.stop()

  async #signal(name: NodeJS.Signals): Promise<void> {
    this.#broken = await this.#needed()
    process.kill(this.#broken.pid, name)
  }
}
