import type { Command } from './command.ts'
import type { Finding } from './finding.ts'
import { print } from './print.ts'

const marks = { ok: ' ok ', warn: 'WARN', fail: 'FAIL' }

export const doctor: Command = {
  summary:
    'check settings, address, database, Redis, mail, virus scanner, disk, files, backups and traces, and advise',
  help: [],
  options: {},
  isAlone: true,
  async run() {
    const { checkSettings } = await import('./check-settings.ts')
    const { checkAddress } = await import('./check-address.ts')
    const { checkDatabase } = await import('./check-database.ts')
    const { checkRedis } = await import('./check-redis.ts')
    const { checkMail } = await import('./check-mail.ts')
    const { checkClamd } = await import('./check-clamd.ts')
    const { checkDisk } = await import('./check-disk.ts')
    const { checkTraces } = await import('./check-traces.ts')
    const { checkStorage } = await import('./check-storage.ts')
    const { checkBackups } = await import('./check-backups.ts')
    const checks = [
      ...[checkSettings, checkAddress, checkDatabase, checkRedis, checkMail, checkClamd],
      ...[checkDisk, checkStorage, checkBackups, checkTraces],
    ]
    const findings: Finding[] = []
    for (const check of checks)
      for (const finding of await check()) {
        findings.push(finding)
        show(finding)
      }
    const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
    print(`\n${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failures`)
    return count('fail') > 0 ? 1 : 0
  },
}

function show({ level, what, says, advice }: Finding): void {
  print(`${marks[level]}  ${what}: ${says}`)
  if (advice) print(`      → ${advice}`)
}
