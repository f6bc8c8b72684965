import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { startEmbedded } from '../server/db/embedded.ts'
import { migrate } from '../server/db/migrate.ts'
import { type RedisServer, startRedis } from '../server/testing/redis.ts'
import { Service } from './service.ts'

/** What a machine would lose at a power cut does not matter: only processes are killed. */
const settings = { fsync: 'off', full_page_writes: 'off' }
const ourselves = 'chaos'

/** Everything the service stands on, and the service, with handles to break them. */
export interface Rig {
  address: string
  /** The database, for those who look on. */
  sql: postgres.Sql
  service: Service
  /** Missing when there is one worker and no Redis. */
  redis: FragileRedis | undefined
  /** As a crash: connections are cut, nothing is written down, and the embedded server comes back by itself. */
  crashPostgres(): Promise<void>
  /** Ends a share of the connections that others have to the database. @returns how many */
  endConnections(share: number): Promise<number>
  close(): Promise<void>
}

export async function startRig(inProcess: boolean): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'rozmowa-chaos-'))
  // PostgreSQL may have to run as another user.
  chmodSync(folder, 0o755)
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  // PostgreSQL would outlive us.
  const stop = () => void close().finally(() => process.exit(1))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, stop)
  const close = async () => {
    for (const signal of signals) process.off(signal, stop)
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const database = await startEmbedded(folder, settings)
    const home = realpathSync(join(folder, 'postgres'))
    closers.push(() => rmSync(home, { recursive: true, force: true }), database.stop)
    await migrate(database.url)
    const connection = { application_name: ourselves }
    const sql = postgres(database.url, { max: 2, onnotice: () => {}, connection })
    closers.push(() => sql.end())
    const redis = inProcess ? undefined : await FragileRedis.start(folder)
    if (redis) closers.push(() => redis.stop())
    const bus = redis ? { REDIS_URL: redis.url, WORKERS: '3' } : {}
    const service = await Service.start({ DATABASE_URL: database.url, DATA_DIR: folder, ...bus })
    closers.push(() => service.stop())
    return {
      ...{ address: service.address, sql, service, redis, close },
      crashPostgres: async () => void process.kill(await postmasterOf(home), 'SIGQUIT'),
      endConnections: (share) => endConnections(sql, share),
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function postmasterOf(home: string): Promise<number> {
  return Number((await readFile(join(home, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
}

async function endConnections(sql: postgres.Sql, share: number): Promise<number> {
  const ended = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name <> ${ourselves}
      and backend_type = 'client backend' and random() <= ${share}`
  return ended.length
}

/** A Redis that keeps what it is told, and can be killed and started again at the same port. */
export class FragileRedis {
  readonly url: string
  private server: RedisServer
  private readonly folder: string

  private constructor(server: RedisServer, folder: string) {
    this.server = server
    this.folder = folder
    this.url = server.url
  }

  static async start(folder: string): Promise<FragileRedis> {
    return new FragileRedis(await startRedis({ appendonly: true, dir: folder }), folder)
  }

  freeze = (): unknown => process.kill(this.server.pid, 'SIGSTOP')
  thaw = (): unknown => process.kill(this.server.pid, 'SIGCONT')
  stop = (): Promise<void> => this.server.stop()

  async kill(): Promise<void> {
    process.kill(this.server.pid, 'SIGKILL')
    await this.server.stop()
  }

  async startAgain(): Promise<void> {
    const { port } = this.server
    this.server = await startRedis({ port, appendonly: true, dir: this.folder })
  }
}
