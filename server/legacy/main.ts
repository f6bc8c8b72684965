import { writeFile } from 'node:fs/promises'
import { runCommand, usageError } from '../terminal/stop.ts'
import { type Arguments, readArguments, usage } from './arguments.ts'
import { Progress } from './progress.ts'
import type { Report } from './report.ts'

const began = performance.now()

/** @returns the exit code: 0 when every check holds, 1 when nothing was kept, 2 on wrong use */
async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(usage)
    return 0
  }
  const report = await runWith(options)
  const { print } = await import('./print.ts')
  process.stdout.write(print(report))
  if (options.report !== undefined)
    await writeFile(options.report, `${JSON.stringify(inFull(report), null, 2)}\n`)
  return report.reasons.length === 0 && report.holds ? 0 : 1
}

/** Not before the arguments are read: whatever is imported here reads the configuration, and takes its time. */
async function runWith({ dryRun, undo, uploads }: Arguments): Promise<Report> {
  const { config } = await import('../config.ts')
  if (config.databaseUrl === undefined) throw noDatabase(config.dataDir)
  const { run } = await import('./run.ts')
  return run({ databaseUrl: config.directUrl!, dryRun, undo, uploads }, new Progress(process.stdout))
}

const noDatabase = (dataDir: string) =>
  usageError([
    "DATABASE_URL is not set; it must name the portal's database.",
    'The embedded one has an address only while the service runs: postgres://rozmowa:PASSWORD@127.0.0.1:PORT/rozmowa',
    `with the password in ${dataDir}/postgres/password, the port in line 4 of ${dataDir}/postgres/cluster/postmaster.pid.`,
  ])

const inFull = (report: Report) => ({
  outcome: report.outcome,
  at: new Date().toISOString(),
  seconds: Math.round(performance.now() - began) / 1000,
  peak_memory_mib: Math.round(process.resourceUsage().maxRSS / 1024),
  reasons: report.reasons,
  figures: report.figures,
  checks: report.checks,
  notes: report.notes,
})

await runCommand('migrate:legacy', main)
