import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type postgres from 'postgres'
import { mountSmallDisk, type SmallDisk } from '../server/testing/small-disk.ts'
import { FragilePostgres } from './postgres.ts'
import { FragileRedis } from './redis.ts'
import type { Fault } from './schedule.ts'
import { Service } from './service.ts'

/** Everything the service stands on, and the service, with handles to break them. */
export interface Rig {
  postgres: FragilePostgres
  /** Missing when there is one worker and no Redis. */
  redis: FragileRedis | undefined
  /** Holds databases, Redis and files; missing when it is not to be filled, or cannot be created. */
  disk: SmallDisk | undefined
  installations: Installation[]
  close(): Promise<void>
}

/** One service on a database of its own. */
export interface Installation {
  name: string
  address: string
  /** The database, for observers. */
  sql: postgres.Sql
  service: Service
  /** What restoring an older backup took away: ids of messages, by their client_id. */
  gone: Map<string, Set<number>>
}

/** So much that the databases have room, and that it is filled in a moment. MB */
const diskSize = 400
const clock = pathToFileURL(join(import.meta.dirname, 'skewed-clock.ts')).href

export async function startRig(inProcess: boolean, faults: Fault[]): Promise<Rig> {
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
    const disk = faults.includes('full-disk') ? mountSmallDisk(folder, diskSize) : undefined
    if (disk) closers.push(disk.unmount)
    const server = await FragilePostgres.start(folder)
    closers.push(() => server.stop())
    const redis = inProcess ? undefined : await FragileRedis.start(folder)
    if (redis) closers.push(() => redis.stop())
    const environment = {
      ...(redis && { REDIS_URL: redis.url }),
      ...(faults.includes('skewed-clock') && { NODE_OPTIONS: `--import=${clock}` }),
    }
    const installations: Installation[] = []
    for (const [i, name] of ['one', ...(faults.includes('two-installations') ? ['two'] : [])].entries()) {
      const { url, sql } = await server.database(name)
      closers.push(() => sql.end({ timeout: 1 }))
      const files = join(folder, name)
      mkdirSync(files)
      const own = { DATABASE_URL: url, DATA_DIR: files, WORKERS: redis && i === 0 ? '3' : '1' }
      const service = await Service.start({ ...environment, ...own })
      closers.push(() => service.stop())
      installations.push({ name, address: service.address, sql, service, gone: new Map() })
    }
    return { postgres: server, redis, disk, installations, close }
  } catch (error) {
    await close()
    throw error
  }
}
