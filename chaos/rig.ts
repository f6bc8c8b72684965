import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type postgres from 'postgres'
import { mountSmallDisk, type SmallDisk } from '../server/testing/small-disk.ts'
import type { Options } from './options.ts'
import { type BreakablePostgres, FragilePostgres } from './postgres.ts'
import { FragilePair } from './postgres-pair.ts'
import { type BreakableRedis, FragileRedis } from './redis.ts'
import { FragileGroup } from './redis-group.ts'
import { Service } from './service.ts'

/** Everything the service stands on, and the service, with handles to break them. */
export interface Rig {
  postgres: BreakablePostgres
  /** Missing when there is one worker and no Redis. */
  redis: BreakableRedis | undefined
  /** Holds databases, Redis and files; missing when it is not to be filled, or cannot be created. */
  disk: SmallDisk | undefined
  installations: Installation[]
  close(): Promise<void>
}

/** One service on a database of its own. */
export interface Installation {
  name: string
  address: string
  /** The database, for observers: another one after a fail-over. */
  sql: () => postgres.Sql
  service: Service
  /** What restoring an older backup took away: ids of messages, by their client_id. */
  gone: Map<string, Set<number>>
}

/** So much that the databases have room, and that it is filled in a moment. MB */
const diskSize = 400
const clock = pathToFileURL(join(import.meta.dirname, 'skewed-clock.ts')).href

export async function startRig({ inProcess, faults, redis: kind, standby }: Options): Promise<Rig> {
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
    const isFilled = faults.includes('full-disk') && !standby
    const disk = isFilled ? mountSmallDisk(folder, diskSize) : undefined
    if (disk) closers.push(disk.unmount)
    const server = await (standby ? FragilePair : FragilePostgres).start(folder)
    closers.push(() => server.stop())
    const redis = inProcess ? undefined : await startRedis(kind, folder, closers)
    if (redis) closers.push(() => redis.stop())
    const environment = {
      ...(redis && { REDIS_URL: redis.url }),
      ...(faults.includes('skewed-clock') && { NODE_OPTIONS: `--import=${clock}` }),
    }
    const installations: Installation[] = []
    for (const [i, name] of ['one', ...(faults.includes('two-installations') ? ['two'] : [])].entries()) {
      const url = await server.database(name)
      const files = join(folder, name)
      mkdirSync(files)
      const own = { DATABASE_URL: url, DATA_DIR: files, WORKERS: redis && i === 0 ? '3' : '1' }
      const service = await Service.start({ ...environment, ...own })
      closers.push(() => service.stop())
      const sql = () => server.observe(name)
      installations.push({ name, address: service.address, sql, service, gone: new Map() })
    }
    return { postgres: server, redis, disk, installations, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Several have a folder beside the one that may be on a small disk: on a full one their nodes give up for good. */
async function startRedis(
  kind: Options['redis'],
  folder: string,
  closers: (() => unknown)[],
): Promise<BreakableRedis> {
  if (kind === 'single') return FragileRedis.start(folder)
  const own = mkdtempSync(`${folder}-redis-`)
  closers.push(() => rmSync(own, { recursive: true, force: true }))
  return FragileGroup.start(kind, own)
}
