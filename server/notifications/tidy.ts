import { sql } from '../db/client.ts'

const batch = 10_000

/** Deletes decisions older than a month, and enqueues jobs that were lost or given up anew. */
export async function tidyNotifications(): Promise<void> {
  while ((await forgetSome()) === batch);
  await sql`
    select leave_job('notify', json_build_object('conversation_id', c.id))
    from conversations c
    where c.notify_from_id is not null and not exists (
      select from rozmowa_jobs._private_jobs j
      where j.attempts < j.max_attempts and (j.payload ->> 'conversation_id')::bigint = c.id)`
}

async function forgetSome(): Promise<number> {
  const { count } = await sql`
    delete from notification_ranges where ctid = any(array(
      select ctid from notification_ranges
      where decided_at < now() - interval '30 days' and outcome not in ('due', 'sending') limit ${batch}))`
  return count
}
