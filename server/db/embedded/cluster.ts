import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { openPostgres } from '../address.ts'
import { stopLeftover } from './lock.ts'
import { asOwner } from './owner.ts'
import type { Place } from './place.ts'

const name = 'rozmowa'

/** Made under another name and renamed when whole, so that one killed half-way is never taken for a database. */
export async function makeCluster(place: Place): Promise<void> {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return
  const unfinished = unfinishedOf(place.cluster)
  await removeUnfinished(place.cluster)
  await writePassword(place)
  initCluster({ ...place, cluster: unfinished })
  await rename(unfinished, place.cluster)
}

/**
 * Every attempt works in a folder of its own: when one is killed, what it has started lives on for a while, and clears
 * its folder away when it fails.
 */
export const unfinishedOf = (cluster: string) => `${cluster}.unfinished-${randomBytes(4).toString('hex')}`

/** A cluster that is whole, and has yet to take the place of the old one. */
export const upgradedOf = (cluster: string) => `${cluster}.upgraded`

/** `new` is what earlier versions of the service called it. An administrator's `cluster.backup` is none of it. */
const given = /^\.(unfinished-[\da-f]{8}|upgraded|new)$/

/** What earlier attempts have left beside the cluster, with the servers that still work there. */
export async function removeUnfinished(cluster: string): Promise<void> {
  const place = basename(cluster)
  const names = await readdir(dirname(cluster))
  for (const name of names.filter((each) => each.startsWith(place) && given.test(each.slice(place.length)))) {
    const path = join(dirname(cluster), name)
    await stopLeftover(path)
    await rm(path, { recursive: true, force: true, maxRetries: 20 })
  }
}

/** An empty one, under the password that is there. */
export function initCluster(place: Place, more: string[] = []): void {
  asOwner(place, place.initdb, [
    ...['--pgdata', place.cluster, '--username', name, '--pwfile', place.password, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...more,
  ])
}

/** Removed first and opened exclusively: the folder is not root's, who may be the one writing here. */
async function writePassword(place: Place): Promise<void> {
  await rm(place.password, { force: true })
  await writeFile(place.password, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx', flush: true })
  await place.giveToOwner(place.password)
}

/** Makes the database at the first start. @returns its address */
export async function openCluster(place: Place, port: number): Promise<string> {
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
