import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Service } from '../chaos/service.ts'
import { startEmbedded } from '../server/db/embedded/start.ts'

/** In no answer, however it is asked for. */
export const sessionSecret = 'fuzz session secret 5f1d0c7b'

export interface Rig {
  service: Service
  close(): Promise<void>
}

/** The service with one worker. @param databaseUrl an empty database; without it, one of its own */
export async function startRig(databaseUrl?: string): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'rozmowa-fuzz-'))
  // PostgreSQL may have to run as another user.
  chmodSync(folder, 0o755)
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async () => {
    for (const signal of signals) process.off(signal, stop)
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  // PostgreSQL would outlive us.
  const stop = () => void close().finally(() => process.exit(1))
  for (const signal of signals) process.once(signal, stop)
  try {
    const files = join(folder, 'files')
    mkdirSync(files)
    const service = await Service.start({
      DATABASE_URL: databaseUrl ?? (await ownDatabase(folder, closers)),
      DATA_DIR: files,
      SESSION_SECRET: sessionSecret,
      WORKERS: '1',
      REGISTRATION: 'open',
      // A file that is too large is soon sent.
      UPLOAD_MAX_BYTES: `${512 * 1024}`,
      LOG_LEVEL: 'info',
    })
    closers.push(() => service.stop())
    return { service, close }
  } catch (error) {
    await close()
    throw error
  }
}

const signals = ['SIGINT', 'SIGTERM'] as const

async function ownDatabase(folder: string, closers: (() => unknown)[]): Promise<string> {
  // What a machine would lose at a power cut does not matter here.
  const { url, stop } = await startEmbedded(folder, { fsync: 'off', synchronous_commit: 'off' })
  closers.push(stop)
  return url
}
