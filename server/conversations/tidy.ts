import { removeFiles } from '../attachments/remove.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'

const batch = 1000

/** Deletes departures that no cursor is old enough to need, and groups that were deleted 30 days ago, with their files. */
export async function tidyConversations(): Promise<void> {
  await sql`delete from conversation_departures where left_at < now() - interval '30 days'`
  const due = await sql<Row<'conversations', 'id'>[]>`
    select id from conversations where deleted_at < now() - interval '30 days' order by id`
  for (const { id } of due) await purge(id)
}

/** The newest messages first, for replies reference older ones. */
async function purge(id: number): Promise<void> {
  await sql`update conversations set last_message_id = null where id = ${id}`
  for (let count = batch; count > 0; ) {
    const [gone] = await sql<[{ count: number; files: string[] }]>`
      with due as (
        select id from messages where conversation_id = ${id} order by id desc limit ${batch}
      ), files as (
        delete from message_attachments where new_message_id in (select id from due) returning stored_filename
      ), gone as (
        delete from messages where id in (select id from due) returning id
      )
      select (select count(*) from gone) as count,
        (select coalesce(jsonb_agg(stored_filename), '[]') from files) as files`
    count = gone.count
    await removeFiles(gone.files)
  }
  await sql`delete from conversations where id = ${id}`
}
