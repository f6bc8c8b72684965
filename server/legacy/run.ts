import { storage } from '../attachments/storage.ts'
import { primaryOf } from '../db/primary.ts'
import { harmlessMessage } from '../log.ts'
import { Stop } from '../terminal/stop.ts'
import { connect, inTransaction, lockOut, type Sql } from './connection.ts'
import { Files } from './files.ts'
import { ChecksFailed, moveInbox } from './move.ts'
import { bringUpToDate, bringUpToDateFor, mustBePortal } from './portal.ts'
import type { Progress } from './progress.ts'
import { Report } from './report.ts'
import { undo } from './undo.ts'

export interface RunOptions {
  databaseUrl: string
  dryRun: boolean
  undo: boolean
  uploads: string | undefined
}

/**
 * Moves the old inbox, or undoes the move. Errors are in the report.
 * @throws Stop with code 2 for the wrong database
 */
export async function run(options: RunOptions, progress: Progress): Promise<Report> {
  const report = new Report()
  const sql = connect(await primaryOf(options.databaseUrl))
  try {
    await lockOut(sql, () => progress.line('Waiting for another run to finish.'))
    await mustBePortal(sql)
    if (!options.dryRun) await bringUpToDate(options.databaseUrl)
    if (options.undo) await takeBack(sql, options, report)
    else await move(sql, options, report, progress)
  } catch (error) {
    if (error instanceof Stop && error.code === 2) throw error
    explain(error, report)
  } finally {
    progress.end()
    await sql.end({ timeout: 5 })
  }
  return report
}

async function move(sql: Sql, options: RunOptions, report: Report, progress: Progress): Promise<void> {
  const { dryRun } = options
  const files = new Files(options)
  let kept = false
  try {
    await files.fetch(sql, progress)
    await moveInbox(sql, { dryRun, files, report, progress })
    kept = true
  } finally {
    await files.close(kept)
  }
  report.outcome = dryRun ? 'dry run' : 'moved'
}

async function takeBack(sql: Sql, { dryRun }: RunOptions, report: Report): Promise<void> {
  const files = await inTransaction(sql, !dryRun, async (tx) => {
    report.restart()
    if (dryRun) await bringUpToDateFor(tx)
    return undo(tx, report)
  })
  report.count('files_removed', files.length)
  if (!dryRun) for (const name of files) await storage.remove(name)
  report.outcome = dryRun ? 'undone in a dry run' : 'undone'
}

function explain(error: unknown, report: Report): void {
  if (error instanceof ChecksFailed) {
    report.outcome = 'checks failed'
    report.reasons = ['The counts before and after do not match; nothing was stored.']
  } else if (error instanceof Stop) {
    report.outcome = 'stopped'
    report.reasons = error.lines
  } else {
    const { code, table_name, constraint_name } = error as Record<string, string>
    report.outcome = 'failed'
    report.reasons = [
      `The run failed, and nothing was stored: ${harmlessMessage(error) || code}`,
      ...(table_name ? [`  in ${[table_name, constraint_name].filter(Boolean).join(', ')}`] : []),
    ]
  }
}
