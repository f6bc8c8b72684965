import { config } from '../config.ts'
import { closeDatabase, openDatabase } from '../db/client.ts'
import { findRunning } from '../db/embedded/running.ts'
import { migrate } from '../db/migrate.ts'
import { Stop } from '../terminal/stop.ts'

/**
 * Opens the database: that of DATABASE_URL, the embedded one of a service that runs, or else the embedded one itself
 * for as long as this takes.
 * @returns closes it
 * @throws Stop
 */
export async function connect(): Promise<() => Promise<void>> {
  const running = config.databaseUrl ?? (await findRunning(config.dataDir))
  if (running === 'none')
    throw new Stop(
      `there is no database in DATA_DIR ${config.dataDir}: start the service once, or set DATABASE_URL`,
    )
  if (running) {
    await openDatabase(running)
    return closeDatabase
  }
  process.stderr.write('The service is not running; its database is started for this.\n')
  const { startEmbedded } = await import('../db/embedded/start.ts')
  const { url, stop } = await startEmbedded(config.dataDir)
  await migrate(url)
  await openDatabase(url)
  return () => closeDatabase().then(stop)
}
