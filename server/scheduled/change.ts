import type { Scheduled, ScheduledPatch } from '../contract/scheduled.ts'
import { sql, type Transaction } from '../db/client.ts'
import { mustBeRepliable } from '../drafts/store.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { namesIn } from '../mentions/store.ts'
import { cleanContent } from '../messages/content.ts'
import { conflict, notFound } from '../web/problem.ts'
import { publishGone, publishScheduled } from './publish.ts'
import { keyOf } from './schedule.ts'
import { completed, type ScheduledRow, scheduledColumns } from './store.ts'

/**
 * Changes text, reply or time of a message that waits. One that could not be sent is tried again with a new time.
 * @throws Problem 400, 404, 413; 409 when it is being sent
 */
export async function changeScheduled(userId: number, id: number, patch: ScheduledPatch): Promise<Scheduled> {
  const scheduled = await sql.begin(async (tx) => {
    const before = await lock(tx, userId, id)
    const { html, text } = await textOf(tx, userId, before, patch.content)
    const { reply_to_id = before.reply_to_id } = patch
    const send_at = patch.send_at === null ? new Date().toISOString() : patch.send_at
    if (patch.reply_to_id) await mustBeRepliable(userId, before.conversation_id, patch.reply_to_id)
    const rows = await tx<ScheduledRow[]>`
      update scheduled_messages s set content = ${html}, content_text = ${text}, reply_to_id = ${reply_to_id},
        send_at = coalesce(${send_at ?? null}, s.send_at),
        failure = case when ${send_at !== undefined} then null else s.failure end,
        claimed_at = case when ${send_at !== undefined} then null else s.claimed_at end
      where s.id = ${id} returning ${scheduledColumns()}`
    if (send_at) await enqueue(tx, 'send_scheduled', { scheduled_id: id }, { key: keyOf(id), at: send_at })
    return (await completed(rows, tx))[0]!
  })
  publishScheduled(userId, scheduled)
  return scheduled
}

/** @throws Problem 404; 409 when it is being sent */
export async function cancelScheduled(userId: number, id: number): Promise<void> {
  const gone = await sql.begin(async (tx) => {
    const found = await lock(tx, userId, id)
    await tx`delete from scheduled_messages where id = ${id}`
    await tx`select rozmowa_jobs.remove_job(${keyOf(id)})`
    return found
  })
  publishGone(userId, gone)
}

async function lock(tx: Transaction, userId: number, id: number): Promise<Scheduled> {
  const rows = await tx<(ScheduledRow & { is_going: boolean })[]>`
    select ${scheduledColumns()}, s.claimed_at is not null and s.failure is null as is_going
    from scheduled_messages s where s.id = ${id} and s.user_id = ${userId} for update`
  if (!rows[0]) throw notFound()
  if (rows[0].is_going) throw conflict('The message is being sent.')
  return (await completed(rows, tx))[0]!
}

async function textOf(
  tx: Transaction,
  userId: number,
  { conversation_id, attachments, content, content_text }: Scheduled,
  wanted: string | undefined,
): Promise<{ html: string; text: string }> {
  if (wanted === undefined) return { html: content, text: content_text }
  const names = await namesIn(wanted, { writerId: userId, conversationId: conversation_id }, tx)
  return cleanContent(wanted, { mayBeEmpty: attachments.length > 0, names })
}
