import { chmodSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { startEmbedded } from '../db/embedded/start.ts'
import { migrate } from '../db/migrate.ts'
import { emptyFolder } from './folder.ts'
import { freezePostgres, postmasterOf } from './freeze.ts'
import { quick } from './postgres.ts'

export interface OwnPostgres {
  url: string
  /** Stops every process of the server where it stands; connections stay open. */
  freeze(): void
  thaw(): void
  /** Cuts every connection and writes nothing down; it comes back by itself. */
  crash(): void
}

/**
 * A migrated PostgreSQL of the test file's own, for what must not be done to the one that all share.
 * @param settings besides those that make it quick
 */
export async function startPostgres(
  folder = emptyFolder(),
  settings: Record<string, string> = {},
): Promise<OwnPostgres> {
  // PostgreSQL may have to run as another user.
  chmodSync(folder, 0o755)
  const { url, stop } = await startEmbedded(folder, { ...quick, ...settings })
  const cluster = join(realpathSync(join(folder, 'postgres')), 'cluster')
  let thaw = () => {}
  afterAll(async () => {
    thaw()
    await stop()
  })
  await migrate(url)
  return {
    url,
    freeze() {
      thaw = freezePostgres(cluster)
    },
    thaw: () => thaw(),
    crash: () => void process.kill(postmasterOf(cluster), 'SIGQUIT'),
  }
}
