import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from '../db/embedded/server.ts'
import { Guide } from './guide.ts'
import { findRedisCli, isKilled, type RedisServer, startRedis } from './redis.ts'

const guide = new Guide('redundancy.md')

/** What depends on the machine, and what tests would have to wait for: ms. */
const timeout = 'cluster-node-timeout'
const hurry = '1000'

/** Three masters, each with a replica, set up as the guide has it. */
export class ClusterGroup {
  readonly url: string
  readonly nodes: RedisServer[]
  readonly #folder: string

  private constructor(nodes: RedisServer[], folder: string) {
    this.nodes = nodes
    this.#folder = folder
    const some = nodes.slice(0, 3).map(({ port }) => `127.0.0.1:${port}`)
    this.url = `redis+cluster://${some.join()}`
  }

  static async start(folder: string): Promise<ClusterGroup> {
    const nodes = await Promise.all(Array.from({ length: 6 }, async () => startNode(folder, await lowPort())))
    const [command] = guide.commands('--cluster create')
    const args = command!
      .split(/\s+/)
      .slice(1)
      .filter((word) => !/^\d+\.\d+/.test(word))
    const at = args.indexOf('create') + 1
    args.splice(at, 0, ...nodes.map(({ port }) => `127.0.0.1:${port}`))
    execFileSync(findRedisCli(), [...args, '--cluster-yes'], { stdio: 'pipe' })
    const group = new ClusterGroup(nodes, folder)
    await group.#isWhole()
    return group
  }

  /** The master that owns a channel or key, and all that has the same hash tag. */
  async owner(key: string): Promise<RedisServer> {
    return (await this.#shard(key))[0]!
  }

  /** By hand, as the guide has it. */
  async failOver(key: string): Promise<void> {
    const [, replica] = await this.#shard(key)
    const [command] = guide.commands('cluster failover')
    const args = command!.replace('6380', `${replica!.port}`).split(' ').slice(1)
    execFileSync(findRedisCli(), args, { stdio: 'pipe' })
  }

  /** Its master, and then its replicas. */
  async #shard(key: string): Promise<RedisServer[]> {
    for (const { port } of this.nodes)
      try {
        const slot = Number(await ask(port, 'CLUSTER', 'KEYSLOT', key))
        const shards = (await ask(port, 'CLUSTER', 'SLOTS')) as [number, number, ...[string, number][]][]
        const [, , ...servers] = shards.find(([from, to]) => slot >= from && slot <= to)!
        return servers.map(([, port]) => this.nodes.find((node) => node.port === port)!)
      } catch {}
    throw new Error('no node answers')
  }

  /** Brings back what was killed or frozen, and waits until everything has its replica again. */
  async revive(old: RedisServer): Promise<void> {
    if (isKilled(old)) this.nodes[this.nodes.indexOf(old)] = await startNode(this.#folder, old.port)
    else process.kill(old.pid, 'SIGCONT')
    await this.#isWhole()
  }

  async #isWhole(): Promise<void> {
    const isIt = async ({ port }: RedisServer) => {
      const state = `${await ask(port, 'CLUSTER', 'INFO')}`
      const shards = (await ask(port, 'CLUSTER', 'SLOTS')) as unknown[][]
      const links = `${await ask(port, 'INFO', 'replication')}`
      return (
        state.includes('cluster_state:ok') &&
        shards.every((shard) => shard.length === 4) &&
        /role:master|master_link_status:up/.test(links)
      )
    }
    for (const node of this.nodes) while (!(await isIt(node).catch(() => false))) await sleep(100)
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }
}

async function startNode(folder: string, port: number): Promise<RedisServer> {
  const own = join(folder, `node-${port}`)
  mkdirSync(own, { recursive: true })
  const settings = guide
    .file('/etc/redis/redis.conf in a Cluster')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([name]) => name!.startsWith('cluster-'))
    .flatMap(([name, ...words]) => [`--${name}`, ...(name === timeout ? [hurry] : words)])
  return startRedis({ port, dir: own, more: settings })
}

/** The nodes talk among themselves 10,000 higher. */
async function lowPort(): Promise<number> {
  for (;;) {
    const port = await freePort()
    if (port < 55_000) return port
  }
}

async function ask(port: number, command: string, ...words: string[]): Promise<unknown> {
  const redis = new Redis(port, { commandTimeout: 500, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    return await redis.call(command, ...words)
  } finally {
    redis.disconnect()
  }
}
