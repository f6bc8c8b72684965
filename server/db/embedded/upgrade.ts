import { existsSync } from 'node:fs'
import { constants, cp, lstat, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { log } from '../../log.ts'
import { copyDatabase } from '../copy.ts'
import { migrate } from '../migrate.ts'
import { initCluster, openCluster, removeUnfinished, unfinishedOf, upgradedOf } from './cluster.ts'
import { stopLeftover } from './lock.ts'
import { findOldPrograms } from './old-programs.ts'
import { asOwner, giveAll } from './owner.ts'
import type { Place } from './place.ts'
import { startServer, stopServer } from './server.ts'

/** Programs, and what servers write besides the rows. */
const spareBytes = 400 * 2 ** 20

/** What is lost in a power cut is made again from the old cluster; the new one is written down when it is whole. */
const quick = {
  ...{ fsync: 'off', full_page_writes: 'off', autovacuum: 'off' },
  ...{ wal_level: 'minimal', max_wal_senders: '0' },
}

/**
 * Moves the data of an older major version into a new cluster, which takes the place of the old one; that is kept
 * beside it, as it was. The old server works on a copy: the old version of the service can still go on with the data
 * when this one, for whatever reason, cannot.
 * @param from the major version of the data
 * @param wish `upgrade` of `startEmbedded`
 * @throws Error with one line to show
 */
export async function upgradeCluster(
  place: Place,
  from: number,
  dataDir: string,
  wish: string,
): Promise<void> {
  const kept = `${place.cluster}-${from}`
  if (existsSync(kept))
    throw new Error(`DATABASE_UPGRADE: ${kept} is there already: remove it, or move it elsewhere`)
  await requireRoom(place.cluster)
  const old = await findOldPrograms(place.owner, from, dataDir, wish)
  log.info({ from, to: place.major }, 'the database is being moved to a newer PostgreSQL')
  const copy = { ...place, ...old.programs, cluster: unfinishedOf(place.cluster) }
  const fresh = { ...place, cluster: unfinishedOf(place.cluster) }
  await stopLeftover(place.cluster)
  await removeUnfinished(place.cluster)
  try {
    await copyCluster(place.cluster, copy)
    initCluster(fresh, ['--no-sync'])
    await moveRows(copy, fresh)
    asOwner(place, place.initdb, ['--sync-only', '--pgdata', fresh.cluster])
  } catch (error) {
    await removeUnfinished(place.cluster)
    throw new Error(`DATABASE_UPGRADE: ${(error as Error).message}; the database is as it was`, {
      cause: error,
    })
  }
  await rm(copy.cluster, { recursive: true, force: true })
  await swap(place.cluster, fresh.cluster, kept)
  log.warn({ kept, major: place.major }, 'the database was moved; the old one is kept until you remove it')
  await old.remove()
}

async function requireRoom(cluster: string): Promise<void> {
  const needed = 2 * (await sizeOf(cluster)) + spareBytes
  const { bavail, bsize } = await statfs(cluster)
  if (bavail * bsize >= needed) return
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`
  throw new Error(
    `DATABASE_UPGRADE: ${dirname(cluster)} needs ${megabytes(needed)} free, and has ${megabytes(bavail * bsize)}`,
  )
}

/** By a link, the server of the copy would write to the old one's files. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name)
    if (file.isSymbolicLink())
      throw new Error(`DATABASE_UPGRADE: ${path} is a link: put what it leads to in its place`)
    bytes += (await lstat(path)).size
  }
  return bytes
}

/** In this process: another would go on when this one is killed, and meet the next attempt. */
async function copyCluster(cluster: string, copy: Place): Promise<void> {
  await cp(cluster, copy.cluster, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
  // It names a server that has nothing to do with the copy.
  await rm(join(copy.cluster, 'postmaster.pid'), { force: true })
  giveAll(copy.owner, copy.cluster)
}

const moveRows = (from: Place, to: Place): Promise<void> =>
  withServer(from, (fromUrl) =>
    withServer(to, async (toUrl) => {
      await Promise.all([migrate(fromUrl), migrate(toUrl)])
      await copyDatabase(fromUrl, toUrl)
    }),
  )

async function withServer(place: Place, use: (url: string) => Promise<void>): Promise<void> {
  const server = await startServer(place, quick)
  const end = () => server.child.kill('SIGQUIT')
  process.once('exit', end)
  try {
    await use(await openCluster(place, server.port))
  } finally {
    process.off('exit', end)
    await stopServer(server)
  }
}

/** The new one first says that it is whole: killed between the other two steps, the next start takes the last. */
async function swap(cluster: string, fresh: string, kept: string): Promise<void> {
  const home = await open(dirname(cluster))
  const moves = [
    [fresh, upgradedOf(cluster)],
    [cluster, kept],
    [upgradedOf(cluster), cluster],
  ] as const
  try {
    for (const [from, to] of moves) {
      await rename(from, to)
      await home.sync()
    }
  } finally {
    await home.close()
  }
}
