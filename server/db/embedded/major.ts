import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { upgradedOf } from './cluster.ts'
import type { Place } from './place.ts'

/**
 * PostgreSQL reads data of its own major version only. An older one's is moved when that was asked for.
 * @param wish `upgrade` of `startEmbedded`
 * @throws Error with one line to show; then the old data is as it was
 */
export async function bringUp(place: Place, dataDir: string, wish: string | undefined): Promise<void> {
  await finishUpgrade(place.cluster)
  const found = await majorOf(place.cluster)
  if (found === undefined || found === place.major) return
  const state = `DATA_DIR ${dataDir} holds a database of PostgreSQL ${found}, and this version of Rozmowa has ${place.major}`
  if (found > place.major) throw new Error(`${state}: start a newer version of Rozmowa`)
  if (!wish) throw new Error(`${state}: start once with DATABASE_UPGRADE=yes to move it; the old one is kept`)
  const { upgradeCluster } = await import('./upgrade.ts')
  await upgradeCluster(place, found, dataDir, wish)
}

/** One that was killed between its last two steps. */
async function finishUpgrade(cluster: string): Promise<void> {
  if (!existsSync(cluster) && existsSync(upgradedOf(cluster))) await rename(upgradedOf(cluster), cluster)
}

async function majorOf(cluster: string): Promise<number | undefined> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')
  return Number.parseInt(version, 10) || undefined
}
