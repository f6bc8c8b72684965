import { chmodSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { startEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import { emptyFolder } from './folder.ts'
import { quick } from './postgres.ts'

export interface OwnPostgres {
  url: string
  /** Stops every process of the server where it stands; connections stay open. */
  freeze(): void
  thaw(): void
}

/** A migrated PostgreSQL of the test file's own, for what must not be done to the one that all share. */
export async function startPostgres(): Promise<OwnPostgres> {
  const folder = emptyFolder()
  // PostgreSQL may have to run as another user.
  chmodSync(folder, 0o755)
  const { url, stop } = await startEmbedded(folder, quick)
  const cluster = join(realpathSync(join(folder, 'postgres')), 'cluster')
  const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
  const signal = (name: NodeJS.Signals) => {
    process.kill(pid, name)
    for (const each of childrenOf(pid)) signalIfThere(each, name)
  }
  const [freeze, thaw] = [() => signal('SIGSTOP'), () => signal('SIGCONT')]
  afterAll(async () => {
    thaw()
    await stop()
  })
  await migrate(url)
  return { url, freeze, thaw }
}

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean)

/** One whose client has gone may end between two looks. */
function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {}
}
