import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AbstractConnector,
  Cluster,
  type ClusterNode,
  type ClusterOptions,
  Command,
  type CommonRedisOptions,
  Redis,
  type RedisOptions,
} from 'ioredis'
import { RedisBreaker } from './redis-breaker.ts'
import { type Listening, subscribing } from './redis-listening.ts'

type NodeOptions = Pick<
  CommonRedisOptions,
  'maxRetriesPerRequest' | 'commandTimeout' | 'connectTimeout' | 'keepAlive' | 'username' | 'password'
>

/** A Cluster with a circuit breaker for each node: a silent one delays nobody who needs another. */
export class BreakingCluster extends Cluster {
  readonly #breakers = new Map<Redis, RedisBreaker>()
  readonly #ofNodes: NodeOptions

  constructor(nodes: ClusterNode[], ofNodes: NodeOptions, options: ClusterOptions) {
    super(nodes, { ...options, redisOptions: ofNodes })
    this.#ofNodes = ofNodes
    // Whoever replaces a silent node has another address, which the others know: its connection need not be given up.
    this.on('+node', (node: Redis) => {
      this.#breakers.set(node, new RedisBreaker(node, { tells: this, maxSilentMs: Number.POSITIVE_INFINITY }))
    })
    this.on('-node', (node: Redis) => this.#breakers.delete(node))
  }

  get isSilent(): boolean {
    return this.#breakers.values().some(({ isSilent }) => isSilent)
  }

  /** Only the node that owns the channel, and its replicas, hear of it. */
  publishTo = (channel: string, message: Buffer): Promise<unknown> => this.spublish(channel, message)

  /** A subscriber at the node that owns the channel, wherever that moves. */
  listenTo(channel: string): Listening {
    const { keyPrefix } = this.options
    const slot = new Command('ssubscribe', [channel], { keyPrefix: keyPrefix! }).getSlot() as number
    const owner = () => this.slots[slot]?.[0]
    const refreshed = () => new Promise((resolve) => this.refreshSlotsCache(resolve))
    let at: string | undefined
    class OwnerConnector extends AbstractConnector {
      constructor({ disconnectTimeout = 2000 }: RedisOptions) {
        super(disconnectTimeout)
      }
      override async connect() {
        this.connecting = true
        // Whoever only listens would not notice that the channel has moved.
        if (at) await refreshed()
        while (!owner()) await sleep(100)
        at = owner()!
        const [, host, port] = /^(.*):(\d+)$/.exec(at) as unknown as [string, string, string]
        this.stream = connect(Number(port), host)
        this.stream.once('error', (error) => {
          this.firstError = error
        })
        return this.stream
      }
    }
    const subscriber = new Redis({
      ...this.#ofNodes,
      ...subscribing,
      keyPrefix: keyPrefix!,
      enableOfflineQueue: false,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
      Connector: OwnerConnector as never,
    })
    const follow = () => owner() !== at && subscriber.status === 'ready' && subscriber.disconnect(true)
    this.on('refresh', follow)
    subscriber.once('end', () => this.off('refresh', follow))
    return { subscriber, event: 'smessageBuffer', subscribe: () => subscriber.ssubscribe(channel) }
  }
}
