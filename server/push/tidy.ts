import { sql } from '../db/client.ts'

/** Deletes subscriptions that have expired, and leaves jobs anew that were lost or given up. */
export async function tidyPushes(): Promise<void> {
  await sql`delete from push_subscriptions where expires_at < now()`
  await sql`
    select leave_job('push', json_build_object('conversation_id', c.id))
    from conversations c
    where c.push_from_id is not null and not exists (
      select from rozmowa_jobs._private_jobs j join rozmowa_jobs._private_tasks t on t.id = j.task_id
      where t.identifier = 'push' and j.attempts < j.max_attempts
        and (j.payload ->> 'conversation_id')::bigint = c.id)`
}
