import { membershipsOf } from '../changes/membership.ts'
import type { LinkPreview } from '../contract/messages.ts'
import { type Connection, sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'

/** The parts of a message that its preview depends on. */
export interface Previewed extends Row<'messages', 'sender_id' | 'content'> {
  link_preview: LinkPreview | null
  /** URLs whose preview the sender removed. */
  removed: string[]
}

export async function findPreviewed(messageId: number, db: Connection = sql): Promise<Previewed | undefined> {
  const [found] = await db<Previewed[]>`
    select sender_id, content, link_preview, to_jsonb(coalesce(preview_removed_urls, '{}')) as removed
    from messages where id = ${messageId} and not is_deleted and kind = 'user'`
  return found
}

/** Whether the viewer is a member of a conversation in which this picture is shown. */
export async function maySeePicture(viewerId: number, image: string): Promise<boolean> {
  const rows = await sql`
    select from messages m join ${membershipsOf(viewerId)} on c.id = m.conversation_id
    where m.link_preview ->> 'image' = ${image}
    limit 1`
  return rows.length > 0
}
