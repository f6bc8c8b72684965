import { hasOldAttachments, linkAttachments } from './attachments.ts'
import { check } from './checks.ts'
import { inTransaction, type Sql, type Transaction } from './connection.ts'
import { openPairs } from './conversations.ts'
import { departedUser } from './departed.ts'
import type { Files } from './files.ts'
import { bringForward, linkReplies } from './finish.ts'
import { makeGroups } from './groups.ts'
import { countInbox, lineUp, readInbox } from './inbox.ts'
import { mustBeLast } from './order.ts'
import { bringUpToDateFor } from './portal.ts'
import type { Progress } from './progress.ts'
import { carryReadState } from './read-state.ts'
import type { Report } from './report.ts'
import { writeMessages } from './write.ts'

/** Thrown out of the transaction, so that nothing of it is kept. */
export class ChecksFailed extends Error {}

export interface Move {
  dryRun: boolean
  files: Files
  report: Report
  progress: Progress
}

/**
 * Moves what is new in the old inbox, all of it or nothing.
 * @throws Stop when it must not be, ChecksFailed when the figures before and after are not the same
 */
export const moveInbox = (sql: Sql, move: Move): Promise<void> =>
  inTransaction(sql, !move.dryRun, async (tx) => {
    move.report.restart()
    if (move.dryRun) await bringUpToDateFor(tx)
    await moveAll(tx, move)
  })

async function moveAll(tx: Transaction, { files, report, progress }: Move): Promise<void> {
  const departed = await departedUser(tx, report)
  await readInbox(tx, departed)
  await countInbox(tx, report)
  await openPairs(tx, report)
  await makeGroups(tx, report)
  const queue = await lineUp(tx)
  await mustBeLast(tx)
  const firstId = await writeMessages(tx, queue, report, progress)
  progress.line('Putting together what belongs together, and checking it.')
  // Where autovacuum has looked meanwhile, the planner takes both tables for empty.
  await tx`analyze messages, legacy_messages`
  await linkReplies(tx, report)
  await bringForward(tx, firstId)
  await carryReadState(tx, firstId)
  if (await hasOldAttachments(tx)) await linkAttachments(tx, report)
  await check(tx, { departed, firstId }, report)
  if (!report.holds) throw new ChecksFailed()
  await files.place(tx, report)
}
