import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { makeCluster, openCluster } from './cluster.ts'
import { lockFolder, stopLeftover } from './lock.ts'
import { bringUp } from './major.ts'
import { findPlace } from './place.ts'
import { startServer, stopServer } from './server.ts'

export interface Embedded {
  /** Connection string of the database `rozmowa`, superuser, on a loopback port that differs at each start. */
  url: string
  /** Ends every connection, writes everything down and waits for the server to be gone. */
  stop(): Promise<void>
}

/**
 * Starts the embedded PostgreSQL that keeps its data under `dataDir/postgres`, making an empty UTF-8
 * database at the first start and recovering from whatever a crash left behind.
 * `settings` are further server settings (tests switch `fsync` off); `upgrade` asks for a database of an older major
 * version to be moved: `yes`, or the folder of that version's programs.
 * @throws Error with one line to show to whoever starts the service
 */
export async function startEmbedded(
  dataDir: string,
  settings: Record<string, string> = {},
  upgrade?: string,
): Promise<Embedded> {
  const folder = resolve(dataDir)
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`DATA_DIR ${folder} cannot be made: ${error.code}`)
  })
  const unlock = await lockFolder(folder)
  try {
    const place = await findPlace(folder)
    await bringUp(place, folder, upgrade)
    await makeCluster(place)
    await stopLeftover(place.cluster)
    const server = await startServer(place, settings)
    const stop = () => stopServer(server).finally(unlock)
    const url = await openCluster(place, server.port).catch((error) =>
      stop().then(() => Promise.reject(error)),
    )
    return { url, stop }
  } catch (error) {
    await unlock()
    throw error
  }
}
