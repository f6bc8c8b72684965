import { fork } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config.ts'
import { log } from '../log.ts'
import type { Copied } from './files.ts'
import { newName, removeOld, removeUnfinished } from './kept.ts'

export interface Wanted {
  url: string
  path: string
  passphrase: string | undefined
}

export type Outcome = { made: Copied } | { failed: string }

/**
 * The backup of every day, in BACKUP_DIR, of which the newest are kept. In a process that ends: what it needs would stay
 * in the memory of the jobs.
 * @throws Error when it could not be made; then the older ones are all kept
 */
export async function scheduledBackup(): Promise<void> {
  const { backupDir: folder, backupPassphrase: passphrase, backupKeep } = config
  if (!folder) return
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, newName(new Date(), passphrase !== undefined))
    await removeUnfinished(folder)
    const outcome = await make({ url: config.databaseUrl!, path, passphrase })
    if ('failed' in outcome) throw new Error(outcome.failed)
    const { files, missing } = outcome.made
    log.info({ path, ...outcome.made }, 'a backup was made')
    if (files === 0 && missing > 0)
      throw new Error(`none of ${missing} files was there: is DATA_DIR mounted, or FILES_URL another one?`)
    await removeOld(folder, backupKeep)
  } catch (error) {
    log.error({ err: error }, 'the backup of the day failed')
    throw error
  }
}

async function make(wanted: Wanted): Promise<Outcome> {
  const child = fork(join(import.meta.dirname, 'make-process.ts'))
  let outcome: Outcome | undefined
  child.on('message', (said: Outcome) => {
    outcome = said
  })
  // Not as an argument, which every user of the machine can read.
  child.send(wanted, () => {})
  await new Promise((resolve) => child.on('exit', resolve).on('error', resolve))
  return outcome ?? { failed: 'The process that makes the backup was ended.' }
}
