import { readFile } from 'node:fs/promises'
import { config } from '../config.ts'
import { passphrase } from '../settings/passphrase.ts'
import { Stop } from '../terminal/stop.ts'

/**
 * The first line of the file, else BACKUP_PASSPHRASE; never an argument, which every user of the machine can read.
 * @throws Stop when the file has none
 */
export async function readPassphrase(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return config.backupPassphrase
  try {
    return passphrase((await readFile(file, 'utf8')).split('\n')[0]!.trim())
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Stop(
      `--passphrase-file ${file}${code ? ` cannot be read: ${code}` : `: its first line ${message}`}`,
    )
  }
}
