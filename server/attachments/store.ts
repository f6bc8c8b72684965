import { membershipsOf } from '../changes/membership.ts'
import type { Attachment } from '../contract/attachments.ts'
import { type Connection, sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'

/** The columns of which an attachment is made. */
export type Shown = 'filename' | 'mime_type' | 'file_size' | 'width' | 'height' | 'duration_ms' | 'waveform'

/** The parts of an attachment that serving it needs. */
export interface Kept extends Row<'message_attachments', 'filename' | 'stored_filename' | 'mime_type'> {
  has_thumbnail: boolean
}

/** The total size of a member's files, sent or not; a file forwarded several times counts once. */
export async function bytesOf(userId: number, db: Connection = sql): Promise<number> {
  const [row] = await db<{ bytes: number }[]>`
    select coalesce(sum(file_size), 0)::bigint as bytes from (
      select distinct on (stored_filename) file_size from message_attachments where uploader_id = ${userId}
    ) files`
  return row!.bytes
}

export async function attachmentsOf(ids: number[], db: Connection = sql): Promise<Map<number, Attachment[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db<(Stored & { message_id: number })[]>`
    select new_message_id as message_id, id, filename, mime_type, file_size, width, height, duration_ms, waveform
    from message_attachments where new_message_id = any(${ids})
    order by id`
  return new Map(
    [...Map.groupBy(rows, (row) => row.message_id)].map(([id, stored]) => [id, stored.map(toAttachment)]),
  )
}

export type Stored = Row<'message_attachments', Shown | 'id'>

export function toAttachment({
  id,
  filename,
  mime_type,
  file_size: size_bytes,
  width,
  height,
  duration_ms,
  waveform,
}: Stored): Attachment {
  const url = `/api/attachments/${id}`
  const thumbnail_url = width === null ? null : `${url}/thumbnail`
  const sound = { ...(duration_ms && { duration_ms }), ...(waveform && { waveform }) }
  return { id, filename, mime_type, size_bytes, width, height, url, thumbnail_url, ...sound }
}

/** How an attachment `a` is called in plain text: of a voice message without date and ending, but with its length. */
export const spokenName = () => sql`
  case when a.waveform is null then a.filename else concat(
    regexp_replace(a.filename, '[ \\d.-]*\\.\\w+$', ''), ' (', a.duration_ms / 60000, ':',
    lpad((a.duration_ms / 1000 % 60)::text, 2, '0'), ')') end`

/**
 * An attachment that the viewer may see: as a member of its message's conversation or, before it is sent, as its
 * uploader. A portal's old attachments are neither.
 */
export async function findAttachment(viewerId: number, id: number): Promise<Kept | undefined> {
  const [found] = await sql<Kept[]>`
    select a.filename, a.stored_filename, a.mime_type, a.width is not null as has_thumbnail
    from message_attachments a
    where a.id = ${id} and (
      a.new_message_id is null and a.uploader_id = ${viewerId}
      or exists (
        select from messages m join ${membershipsOf(viewerId)} on c.id = m.conversation_id
        where m.id = a.new_message_id and not m.is_deleted))`
  return found
}

/** Those of these files that no attachment references. */
export async function unnamed(names: string[]): Promise<string[]> {
  if (names.length === 0) return []
  const rows = await sql<{ name: string }[]>`
    select distinct name from unnest(${names}::text[]) name
    where not exists (select from message_attachments a where a.stored_filename = name)`
  return rows.map((row) => row.name)
}
