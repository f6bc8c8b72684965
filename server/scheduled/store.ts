import { type Stored, toAttachment } from '../attachments/store.ts'
import type { Attachment } from '../contract/attachments.ts'
import type { Scheduled } from '../contract/scheduled.ts'
import { type Connection, sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'

export type ScheduledRow = Row<
  'scheduled_messages',
  | 'id'
  | 'conversation_id'
  | 'client_id'
  | 'content'
  | 'content_text'
  | 'reply_to_id'
  | 'send_at'
  | 'created_at'
  | 'failure'
>

/** Of rows `s` of scheduled_messages. */
export const scheduledColumns = () => sql`
  s.id, s.conversation_id, s.client_id, s.content, s.content_text, s.reply_to_id, s.send_at, s.created_at, s.failure`

/** Those of a user that wait, or could not be sent: at most `limits.scheduledMessages`, the next first. */
export async function scheduledOf(userId: number): Promise<Scheduled[]> {
  const rows = await sql<ScheduledRow[]>`
    select ${scheduledColumns()} from scheduled_messages s
    where s.user_id = ${userId} order by s.send_at, s.id`
  return completed(rows)
}

/** With their files. */
export async function completed(rows: ScheduledRow[], db: Connection = sql): Promise<Scheduled[]> {
  const files = await filesOf(
    rows.map(({ id }) => id),
    db,
  )
  return rows.map(({ send_at, created_at, failure, ...row }) => ({
    ...row,
    attachments: files.get(row.id) ?? [],
    send_at,
    created_at,
    failure,
  }))
}

async function filesOf(ids: number[], db: Connection): Promise<Map<number, Attachment[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db<({ scheduled_id: number } & Stored)[]>`
    select f.scheduled_id, a.id, a.filename, a.mime_type, a.file_size, a.width, a.height, a.duration_ms, a.waveform
    from scheduled_attachments f join message_attachments a on a.id = f.attachment_id
    where f.scheduled_id = any(${ids}) and a.new_message_id is null order by a.id`
  const grouped = Map.groupBy(rows, ({ scheduled_id }) => scheduled_id)
  return new Map([...grouped].map(([id, stored]) => [id, stored.map(toAttachment)]))
}
