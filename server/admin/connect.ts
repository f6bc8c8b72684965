import { config } from '../config.ts'
import { closeDatabase, openDatabase } from '../db/client.ts'
import { findRunning } from '../db/embedded/running.ts'
import { migrate } from '../db/migrate.ts'
import { Stop } from '../terminal/stop.ts'

/**
 * Opens the database that `reachDatabase` finds.
 * @returns closes it
 * @throws Stop
 */
export async function connect(): Promise<() => Promise<void>> {
  const { url, release } = await reachDatabase()
  await openDatabase(url)
  return () => closeDatabase().then(release)
}

/**
 * Finds the database: that of DATABASE_URL, the embedded one of a service that runs, or else the embedded one itself,
 * started until it is released.
 * @param mayBeNew whether the embedded one is made where there is none
 * @throws Stop
 */
export async function reachDatabase(mayBeNew = false): Promise<{ url: string; release(): Promise<void> }> {
  const running = config.databaseUrl ?? (await findRunning(config.dataDir))
  if (running === 'none' && !mayBeNew)
    throw new Stop(
      `there is no database in DATA_DIR ${config.dataDir}: start the service once, or set DATABASE_URL`,
    )
  if (running && running !== 'none') return { url: running, release: async () => {} }
  process.stderr.write('The service is not running; its database is started for this.\n')
  const { startEmbedded } = await import('../db/embedded/start.ts')
  const { url, stop } = await startEmbedded(config.dataDir)
  await migrate(url)
  return { url, release: stop }
}
