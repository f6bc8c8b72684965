import { access, constants } from 'node:fs/promises'
import { backupsIn, timeOf } from '../backup/kept.ts'
import { config } from '../config.ts'
import { attempt, type Finding, fail, ok, warn } from './finding.ts'

const hourMs = 60 * 60 * 1000
/** A day, and the time that one may take. */
const maxAgeHours = 26

export async function checkBackups(): Promise<Finding[]> {
  const { backupDir: folder } = config
  if (!folder) return [ok('backups', 'BACKUP_DIR is not set: the service makes none')]
  return attempt('backups', `let the service's user write to BACKUP_DIR, or set another`, async () => {
    await access(folder, constants.W_OK)
    const [newest] = await backupsIn(folder)
    if (!newest)
      return [
        warn('backups', `there is none in ${folder} yet`, 'wait for BACKUP_AT; “admin jobs” shows failures'),
      ]
    const hours = (Date.now() - timeOf(newest).getTime()) / hourMs
    const says = `the newest of ${folder} is ${Math.floor(hours)} hours old`
    return [
      hours > maxAgeHours
        ? fail('backups', says, 'see the log, and “admin jobs”; is the service running?')
        : ok('backups', says),
    ]
  })
}
