import { changeMessage, type MessageChange } from '../changes/message.ts'
import type { Message } from '../contract/messages.ts'
import { sql } from '../db/client.ts'
import { enqueue } from '../jobs/enqueue.ts'
import { change as envelope } from '../live/envelope.ts'
import { log } from '../log.ts'
import { messagesById } from '../messages/store.ts'
import { Problem } from '../web/problem.ts'
import { withOwnFrames } from './own-frames.ts'

/** The members are told of one poll's votes this often at most. */
const intervalMs = 1000
/** For a worker that was killed before it did; it does so itself in time. */
const jobDelaySeconds = 5

/**
 * To be called once a vote is stored: tells all members now, or with the votes of the next second. Each of many votes told
 * to each of many members would be too much.
 */
export async function tellOrWait(change: MessageChange): Promise<void> {
  const { tx, message, afterCommit } = change
  const now = await tx`
    insert into poll_tellings as t (message_id) values (${message.id})
    on conflict (message_id) do update set told_at = clock_timestamp(), is_behind = false
      where t.told_at <= clock_timestamp() - make_interval(secs => ${intervalMs / 1000})`
  if (now.count > 0) return tell(change)
  const first = await tx`
    update poll_tellings set is_behind = true where message_id = ${message.id} and not is_behind`
  if (first.count === 0) return
  await enqueue(tx, 'votes', { message_id: message.id }, { delay: jobDelaySeconds })
  afterCommit(async () => tellLater(message.id))
}

function tellLater(messageId: number): void {
  const failed = (err: unknown) => log.warn({ err, messageId }, 'votes are told later, by a job')
  setTimeout(() => tellVotes(messageId).catch(failed), intervalMs).unref()
}

/** Tells the members of the votes that they were not told of yet, on behalf of one of them. */
export async function tellVotes(messageId: number): Promise<void> {
  const [member] = await sql<{ user_id: number }[]>`
    select cm.user_id from messages m join conversation_members cm on cm.conversation_id = m.conversation_id
    where m.id = ${messageId} limit 1`
  if (!member) return
  try {
    await changeMessage(member.user_id, messageId, async (change) => {
      const behind = await change.tx`
        update poll_tellings set told_at = clock_timestamp(), is_behind = false
        where message_id = ${messageId} and is_behind`
      if (behind.count > 0 && change.message.is_poll) await tell(change)
    })
  } catch (error) {
    if (!(error instanceof Problem) || (await isThere(messageId))) throw error
  }
}

/** Whoever it was told on behalf of may have left meanwhile: then the job does it. */
const isThere = async (messageId: number): Promise<boolean> =>
  (
    await sql`
      select from messages m join conversations c on c.id = m.conversation_id and c.deleted_at is null
      where m.id = ${messageId}`
  ).length > 0

/** One change, with a frame for each choice. */
async function tell({ tx, message: { id }, memberIds, takeSeq, transactionsOf, publish }: MessageChange) {
  const seq = await takeSeq()
  const stored = (await messagesById([id], tx)).get(id)!
  const told = (message: Message) =>
    envelope(
      'message_updated',
      { conversation_id: stored.conversation_id, seq, message },
      transactionsOf(seq),
    )
  const [whole] = await withOwnFrames([stored], told, tx)
  publish(memberIds, whole!)
}
