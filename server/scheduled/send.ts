import { findActiveUser } from '../accounts/store.ts'
import type { Scheduled } from '../contract/scheduled.ts'
import { sql } from '../db/client.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { sendMessage } from '../messages/send.ts'
import { Problem } from '../web/problem.ts'
import { publishGone, publishScheduled } from './publish.ts'
import { keyOf } from './schedule.ts'
import { completed, type ScheduledRow, scheduledColumns } from './store.ts'

type Claimed = ScheduledRow & { user_id: number }

/**
 * Sends a message whose time has come, as its writer. Whatever happens in between, it is sent once: it keeps its
 * `client_id`, and what is claimed can no longer be cancelled. What cannot be sent stays, with the reason.
 */
export async function sendScheduled({ scheduled_id: id }: { scheduled_id: number }): Promise<void> {
  const claimed = await claim(id)
  if (!claimed) return waitOn(id)
  const { user_id, ...row } = claimed
  const [scheduled] = await completed([row])
  const failure = await send(user_id, scheduled!)
  if (failure) return fail(user_id, { ...scheduled!, failure })
  await sql`delete from scheduled_messages where id = ${id}`
  publishGone(user_id, row)
}

async function claim(id: number): Promise<Claimed | undefined> {
  const [claimed] = await sql<Claimed[]>`
    update scheduled_messages s set claimed_at = coalesce(s.claimed_at, now())
    where s.id = ${id} and s.failure is null and s.send_at <= now()
    returning s.user_id, ${scheduledColumns()}`
  return claimed
}

/** It was cancelled, or its time is another by now. */
async function waitOn(id: number): Promise<void> {
  const [waiting] = await sql<{ send_at: string }[]>`
    select send_at from scheduled_messages where id = ${id} and failure is null`
  if (waiting)
    await enqueue(sql, 'send_scheduled', { scheduled_id: id }, { key: keyOf(id), at: waiting.send_at })
}

/** @returns why it could not be sent */
async function send(userId: number, scheduled: Scheduled): Promise<Scheduled['failure']> {
  const { conversation_id, content, reply_to_id, client_id } = scheduled
  const user = await findActiveUser(userId)
  if (!user) return 'inactive'
  const message = { content, client_id, attachment_ids: await filesOf(scheduled.id) }
  try {
    await sendMessage(user, conversation_id, { ...message, reply_to_id: reply_to_id ?? undefined }).catch(
      (error) => {
        // What it replies to is gone; what it says is still to be said.
        if (!isAbout(error, 'reply_to_id')) throw error
        return sendMessage(user, conversation_id, message)
      },
    )
    return null
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return reasonOf(error)
    throw error
  }
}

const isAbout = (error: unknown, path: string): boolean =>
  error instanceof Problem && Boolean(error.errors?.some((each) => each.path === path))

function reasonOf(refusal: Problem): Scheduled['failure'] {
  if (refusal.status === 404) return 'not_member'
  return isAbout(refusal, 'attachment_ids') ? 'attachments' : 'refused'
}

/** Also those that are no longer there: then it is not sent. */
async function filesOf(id: number): Promise<number[]> {
  const files = await sql<{ attachment_id: number }[]>`
    select attachment_id from scheduled_attachments where scheduled_id = ${id}`
  return files.map(({ attachment_id }) => attachment_id)
}

async function fail(userId: number, scheduled: Scheduled): Promise<void> {
  await sql`update scheduled_messages set failure = ${scheduled.failure} where id = ${scheduled.id}`
  publishScheduled(userId, scheduled)
}
