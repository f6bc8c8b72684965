import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from '../db/embedded/server.ts'
import { Guide } from './guide.ts'
import { findRedisCli, isKilled, type RedisServer, startRedis, startSentinel } from './redis.ts'

const guide = new Guide('redundancy.md')

/** The guide's settings that depend on the machine, and those that would make tests wait: ms. */
const usual = {
  master: '10.0.0.11 6379',
  port: 'port 26379',
  dir: 'dir /var/lib/redis',
  downAfter: 'down-after-milliseconds rozmowa 5000',
  timeout: 'failover-timeout rozmowa 10000',
}
/** How often Sentinels look, in place of every second and every ten: ms. */
const eager = ['ping-period', '200', 'info-period', '500', 'ask-period', '200', 'publish-period', '200']

/** Two Redis and three Sentinels, set up as the guide has it. */
export class SentinelGroup {
  readonly url: string
  readonly servers: RedisServer[]
  readonly sentinels: RedisServer[]

  private constructor(servers: RedisServer[], sentinels: RedisServer[]) {
    this.servers = servers
    this.sentinels = sentinels
    this.url = `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join()}/rozmowa`
  }

  static async start(folder: string): Promise<SentinelGroup> {
    const master = await startRedis()
    const replica = await startRedis({ more: ['--replicaof', '127.0.0.1', `${master.port}`] })
    const group = new SentinelGroup(
      [master, replica],
      await Promise.all([1, 2, 3].map(sentinelIn(folder, master))),
    )
    await group.#knowEachOther()
    return group
  }

  /** Which of `servers` the Sentinels name as the master. */
  async master(): Promise<RedisServer> {
    const [, port] = (await ask(
      this.sentinels[0]!.port,
      'SENTINEL',
      'GET-MASTER-ADDR-BY-NAME',
      'rozmowa',
    )) as string[]
    return this.servers.find((server) => server.port === Number(port))!
  }

  /** By hand, as the guide has it. */
  failOver(): void {
    const [command] = guide.commands('sentinel failover rozmowa')
    const args = command!.replace('26379', `${this.sentinels[0]!.port}`).split(' ').slice(1)
    execFileSync(findRedisCli(), args, { stdio: 'pipe' })
  }

  /** Brings back what was killed or frozen, and waits until it follows the new master. */
  async revive(old: RedisServer): Promise<void> {
    const [i, { port }] = [this.servers.indexOf(old), old]
    if (isKilled(old)) this.servers[i] = await startRedis({ port })
    else process.kill(old.pid, 'SIGCONT')
    const follows = async () =>
      /^role:slave[\s\S]*^master_link_status:up/m.test(`${await ask(port, 'INFO', 'replication')}`)
    // It may have been back before anybody missed it.
    await until(async () => (await follows()) || (await this.master())?.port === port)
  }

  /** Until the replica follows, and each Sentinel knows the two others, no one could take over. */
  async #knowEachOther(): Promise<void> {
    for (const { port } of this.sentinels)
      await until(async () => {
        const [info] = (await ask(port, 'SENTINEL', 'MASTERS')) as string[][]
        const field = (name: string) => Number(info![info!.indexOf(name) + 1])
        return field('num-slaves') === 1 && field('num-other-sentinels') === 2
      })
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.stop()))
  }
}

const sentinelIn = (folder: string, master: RedisServer) => async (nr: number) => {
  const own = join(folder, `sentinel-${nr}`)
  mkdirSync(own)
  const port = await freePort()
  const settings = guide
    .file('/etc/redis/sentinel.conf')
    .replace(usual.master, `127.0.0.1 ${master.port}`)
    .replace(usual.port, `port ${port}`)
    .replace(usual.dir, `dir ${own}`)
    .replace(usual.downAfter, 'down-after-milliseconds rozmowa 800')
    .replace(usual.timeout, 'failover-timeout rozmowa 2000')
    .replace(/^sentinel auth-pass.*$/m, '')
  writeFileSync(join(own, 'sentinel.conf'), settings)
  const sentinel = await startSentinel(port, join(own, 'sentinel.conf'))
  await ask(port, 'SENTINEL', 'DEBUG', ...eager)
  return sentinel
}

async function ask(port: number, command: string, ...words: string[]): Promise<unknown> {
  const redis = new Redis(port)
  try {
    return await redis.call(command, ...words)
  } finally {
    redis.disconnect()
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(100)
}
