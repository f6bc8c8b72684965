import { type Shown, toAttachment } from '../attachments/store.ts'
import { membershipsOf } from '../changes/membership.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { notFound } from '../web/problem.ts'
import type { Found, Place } from './place.ts'

interface FileRow extends Row<'message_attachments', Shown> {
  /** Null of the only row of a conversation without files. */
  id: number | null
  message_id: number
  created_at: string
}

/** The pictures of a conversation, or its other files. @throws Problem 404 */
export async function filesIn(
  viewerId: number,
  conversationId: number,
  kind: 'images' | 'files',
  from: Place,
): Promise<Found> {
  const rows = await sql<FileRow[]>`${findingFiles(viewerId, conversationId, kind, from)}`
  if (rows.length === 0) throw notFound()
  const found = rows.filter((row): row is FileRow & { id: number } => row.id !== null)
  const placed = found.slice(0, from.limit).map(({ message_id, created_at, ...stored }) => ({
    message: message_id,
    place: stored.id,
    item: { message_id, created_at, attachment: toAttachment(stored) },
  }))
  return { placed, next: found.length > placed.length ? placed.at(-1) : undefined }
}

/** Exported for a test of its plan. Pictures are what has sizes, as in the indexes. */
export const findingFiles = (
  viewerId: number,
  conversationId: number,
  kind: 'images' | 'files',
  { limit, message, place }: Place,
) => sql`
  select file.* from ${membershipsOf(viewerId)}
  left join lateral (
    select a.id, a.new_message_id as message_id, m.created_at, a.filename, a.mime_type, a.file_size, a.width, a.height
    from message_attachments a join messages m on m.id = a.new_message_id and not m.is_deleted
    where a.conversation_id = c.id and (a.new_message_id, a.id) < (${message}, ${place})
      and a.width ${kind === 'images' ? sql`is not null` : sql`is null`}
    order by a.new_message_id desc, a.id desc
    limit ${limit + 1}
  ) file on true
  where c.id = ${conversationId}
  order by file.message_id desc, file.id desc`
