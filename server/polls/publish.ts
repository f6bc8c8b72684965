import { changeMessage, type MessageChange } from '../changes/message.ts'
import type { Message } from '../contract/messages.ts'
import { sql } from '../db/client.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { change as envelope } from '../live/envelope.ts'
import { log } from '../log.ts'
import { messagesById } from '../messages/store.ts'
import { Problem } from '../web/problem.ts'
import { withOwnFrames } from './own-frames.ts'

/** One poll's votes are published this often at most. */
const intervalMs = 1000
/** For a worker that was killed before it did; it does so itself in time. */
const jobDelaySeconds = 5

/**
 * To be called once a vote is stored: publishes it now, or with the votes of the next second. Each of many votes to each of
 * many members would be too much.
 */
export async function publishOrWait(change: MessageChange): Promise<void> {
  const { tx, message, afterCommit } = change
  const now = await tx`
    insert into poll_publications as t (message_id) values (${message.id})
    on conflict (message_id) do update set published_at = clock_timestamp(), is_behind = false
      where t.published_at <= clock_timestamp() - make_interval(secs => ${intervalMs / 1000})`
  if (now.count > 0) return publishNow(change)
  const first = await tx`
    update poll_publications set is_behind = true where message_id = ${message.id} and not is_behind`
  if (first.count === 0) return
  await enqueue(tx, 'votes', { message_id: message.id }, { delay: jobDelaySeconds })
  afterCommit(async () => publishLater(message.id))
}

function publishLater(messageId: number): void {
  const failed = (err: unknown) => log.warn({ err, messageId }, 'votes are published later, by a job')
  setTimeout(() => publishVotes(messageId).catch(failed), intervalMs).unref()
}

/** Publishes the votes that were not yet, on behalf of one of the members. */
export async function publishVotes(messageId: number): Promise<void> {
  const [member] = await sql<{ user_id: number }[]>`
    select cm.user_id from messages m join conversation_members cm on cm.conversation_id = m.conversation_id
    where m.id = ${messageId} limit 1`
  if (!member) return
  try {
    await changeMessage(member.user_id, messageId, async (change) => {
      const behind = await change.tx`
        update poll_publications set published_at = clock_timestamp(), is_behind = false
        where message_id = ${messageId} and is_behind`
      if (behind.count > 0 && change.message.is_poll) await publishNow(change)
    })
  } catch (error) {
    if (!(error instanceof Problem) || (await isThere(messageId))) throw error
  }
}

/** Whoever it was done on behalf of may have left meanwhile: then the job does it. */
const isThere = async (messageId: number): Promise<boolean> =>
  (
    await sql`
      select from messages m join conversations c on c.id = m.conversation_id and c.deleted_at is null
      where m.id = ${messageId}`
  ).length > 0

/** One change, with a frame for each choice. */
async function publishNow({
  tx,
  message: { id },
  memberIds,
  takeSeq,
  transactionsOf,
  publish,
}: MessageChange) {
  const seq = await takeSeq()
  const stored = (await messagesById([id], tx)).get(id)!
  const envelopeOf = (message: Message) =>
    envelope(
      'message_updated',
      { conversation_id: stored.conversation_id, seq, message },
      transactionsOf(seq),
    )
  const [whole] = await withOwnFrames([stored], envelopeOf, tx)
  publish(memberIds, whole!)
}
