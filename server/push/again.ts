import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { enqueue } from '../jobs/enqueue.ts'
import type { Tasks } from '../jobs/tasks.ts'
import { absentAmong } from '../presence/absent.ts'
import { keyPair } from './keys.ts'
import { NotNow, pushOne } from './push-one.ts'
import type { Target } from './store.ts'

/** Three and a half hours, by the pauses of the jobs. */
const attempts = 10
/** Before the first of them. Seconds. */
const firstPause = 5
/** After mails and previews. */
const priority = 5

const keyOf = ({ subscriptionId, conversationId }: Target) => `push:${subscriptionId}:${conversationId}`

/** Leaves a job for what a push service did not take. */
export const leaveForLater = (target: Target, { seconds }: NotNow): Promise<void> =>
  leave(target, Math.max(seconds, firstPause))

/** Leaves a job that pushes to a subscription. @param delay seconds */
export const leave = (target: Target, delay: number): Promise<void> =>
  enqueue(
    sql,
    'push_again',
    {
      conversation_id: target.conversationId,
      subscription_id: target.subscriptionId,
      from_id: target.fromId,
    },
    { key: keyOf(target), delay, attempts, priority },
  )

/**
 * Pushes to a subscription whose push service did not take it, unless its user has read it or come back meanwhile.
 * @throws NotNow when it does not take it now; the job is tried again, not before the push service wants it
 */
export async function pushAgain(payload: Tasks['push_again']): Promise<void> {
  const target = {
    conversationId: payload.conversation_id,
    subscriptionId: payload.subscription_id,
    fromId: payload.from_id,
  }
  const [found] = await sql<Row<'push_subscriptions', 'user_id'>[]>`
    select user_id from push_subscriptions where id = ${target.subscriptionId}`
  if (!found || (await absentAmong([found.user_id])).length === 0) return
  try {
    await pushOne(target, await keyPair())
  } catch (error) {
    if (error instanceof NotNow) await postpone(target, error)
    throw error
  }
}

/** The pause of a failed job begins at its `run_at`, when that is later than now. */
async function postpone(target: Target, { seconds }: NotNow): Promise<void> {
  await sql`
    update rozmowa_jobs._private_jobs set run_at = now() + make_interval(secs => ${seconds})
    where key = ${keyOf(target)} and locked_at is not null`
}
