import pLimit from 'p-limit'
import { isQuiet } from '../../views/quiet-hours.ts'
import type { QuietHours } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import type { Tasks } from '../jobs/tasks.ts'
import { silence } from '../notifications/verdict.ts'
import { absentAmong } from '../presence/absent.ts'
import { leaveForLater } from './again.ts'
import { type KeyPair, keyPair } from './keys.ts'
import { NotNow, pushOne } from './push-one.ts'
import type { Target } from './store.ts'

/** Members per statement, so that none takes long, however large the group. */
const batchSize = 200
/** Pushes of a conversation that are on their way at a time. */
const maxAtOnce = 16

interface Armed {
  fromId: number
  untilId: number
}

/**
 * Pushes a conversation's newest message to the subscriptions of all members who are away and may be told of it. Senders
 * wait for none of this: the conversation's row is locked only at the end, to disarm it. Run again after a crash, it
 * pushes to those who have not been told yet.
 */
export async function push({ conversation_id: id }: Tasks['push']): Promise<void> {
  const [armed] = await sql<Armed[]>`
    select push_from_id as "fromId", coalesce(last_message_id, 0) as "untilId" from conversations
    where id = ${id} and push_from_id is not null`
  if (!armed) return
  const keys = await keyPair()
  const limit = pLimit(maxAtOnce)
  for (let last: number | null = 0; last !== null; ) {
    const batch = await findBatch(id, armed, last)
    // Whoever sleeps is not told later either: what is unread by then they see when they look.
    const awake = batch.found.filter(({ quietHours }) => !isQuiet(quietHours))
    const absent = new Set(await absentAmong([...new Set(awake.map(({ userId }) => userId))]))
    const targets = awake
      .filter(({ userId }) => absent.has(userId))
      .map(({ subscriptionId }) => ({ subscriptionId, conversationId: id, fromId: armed.fromId }))
    await Promise.all(targets.map((target) => limit(() => pushOrLeave(target, keys))))
    last = batch.last
  }
  await disarm(id, armed)
}

interface Batch {
  /** The last member of it; null when no one was left. */
  last: number | null
  found: { userId: number; subscriptionId: number; quietHours: QuietHours | null }[]
}

async function findBatch(id: number, { fromId, untilId }: Armed, after: number): Promise<Batch> {
  const [batch] = await sql<[Batch]>`
    with batch as (
      select * from conversation_members cm
      where cm.conversation_id = ${id} and cm.user_id > ${after}
      order by cm.user_id limit ${batchSize}
    )
    select (select max(user_id) from batch) as last, (
      select coalesce(jsonb_agg(jsonb_build_object(
        'userId', u.id, 'subscriptionId', p.id, 'quietHours', u.quiet_hours) order by u.id, p.id), '[]')
      from batch cm
      join push_subscriptions p on p.user_id = cm.user_id
      join users u on u.id = cm.user_id
      join conversations c on c.id = cm.conversation_id
      cross join lateral (select ${fromId}::bigint as from_id, ${untilId}::bigint as until_id) r
      where case ${silence()} else 'due' end = 'due'
    ) as found`
  return batch
}

async function pushOrLeave(target: Target, keys: KeyPair): Promise<void> {
  try {
    await pushOne(target, keys)
  } catch (error) {
    if (!(error instanceof NotNow)) throw error
    await leaveForLater(target, error)
  }
}

/** The next message arms the conversation again; one that came meanwhile found it armed, and so arms it now. */
const disarm = (id: number, { fromId, untilId }: Armed) =>
  sql.begin(async (tx) => {
    // A statement of its own, so that the next one sees what was committed before the lock was granted.
    await tx`select from conversations where id = ${id} for no key update`
    await tx`
      with disarmed as (
        update conversations set push_from_id = case when last_message_id > ${untilId} then ${untilId}::bigint + 1 end
        where id = ${id} and push_from_id = ${fromId}
        returning push_from_id
      )
      select leave_job('push', json_build_object('conversation_id', ${id}::bigint))
      from disarmed where push_from_id is not null`
  })
