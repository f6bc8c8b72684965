import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openPostgres } from './address.ts'
import { lockFolder, stopLeftover } from './embedded-lock.ts'
import { asOwner } from './embedded-owner.ts'
import { findPlace, type Place } from './embedded-place.ts'
import { startServer, stopServer } from './embedded-server.ts'

export interface Embedded {
  /** Connection string of the database `rozmowa`, superuser, on a loopback port that differs at each start. */
  url: string
  /** Ends every connection, writes everything down and waits for the server to be gone. */
  stop(): Promise<void>
}

const name = 'rozmowa'

/**
 * Starts the embedded PostgreSQL that keeps its data under `dataDir/postgres`, making an empty UTF-8
 * database at the first start and recovering from whatever a crash left behind.
 * `settings` are further server settings (tests switch `fsync` off).
 * @throws Error with one line to show to whoever starts the service
 */
export async function startEmbedded(
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<Embedded> {
  const folder = resolve(dataDir)
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`DATA_DIR ${folder} cannot be made: ${error.code}`)
  })
  const unlock = await lockFolder(folder)
  try {
    const place = await findPlace(folder)
    await makeCluster(place)
    await stopLeftover(place.cluster)
    const server = await startServer(place, settings)
    const stop = () => stopServer(server).finally(unlock)
    const url = await openDatabase(place, server.port).catch((error) =>
      stop().then(() => Promise.reject(error)),
    )
    return { url, stop }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** Made under another name and renamed when whole, so that one killed half-way is never taken for a database. */
async function makeCluster(place: Place): Promise<void> {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return
  const unfinished = `${place.cluster}.new`
  await rm(unfinished, { recursive: true, force: true })
  await writePassword(place)
  asOwner(place, place.initdb, [
    ...['--pgdata', unfinished, '--username', name, '--pwfile', place.password, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  ])
  await rename(unfinished, place.cluster)
}

/** Removed first and opened exclusively: the folder is not root's, who may be the one writing here. */
async function writePassword(place: Place): Promise<void> {
  await rm(place.password, { force: true })
  await writeFile(place.password, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx', flush: true })
  await place.giveToOwner(place.password)
}

async function openDatabase(place: Place, port: number): Promise<string> {
  const password = (await readFile(place.password, 'utf8')).trim()
  const server = `postgres://${name}:${password}@127.0.0.1:${port}`
  const sql = openPostgres(`${server}/postgres`, { max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    const found = await sql`select 1 from pg_database where datname = ${name}`
    if (found.length === 0) await sql`create database ${sql(name)}`
  } finally {
    await sql.end()
  }
  return `${server}/${name}`
}
