import type { LinkPreview } from '../contract/messages.ts'
import { type Connection, sql, type Transaction } from '../db/client.ts'

/** A message as far as its preview goes. */
export interface Previewed {
  sender_id: number
  content: string | null
  link_preview: LinkPreview | null
  /** Addresses whose preview the sender removed. */
  removed: string[]
}

export async function findPreviewed(messageId: number, db: Connection = sql): Promise<Previewed | undefined> {
  const [found] = await db<Previewed[]>`
    select sender_id, content, link_preview, to_jsonb(coalesce(preview_removed_urls, '{}')) as removed
    from messages where id = ${messageId} and not is_deleted and kind = 'user'`
  return found
}

export async function setPreview(tx: Transaction, messageId: number, preview: LinkPreview): Promise<void> {
  await tx`update messages set link_preview = ${tx.json({ ...preview })} where id = ${messageId}`
}

/**
 * Takes a message's preview away unless it is of `url`.
 * @returns the preview that it had
 */
export async function dropPreview(
  tx: Transaction,
  messageId: number,
  url: string | undefined,
): Promise<LinkPreview | undefined> {
  const [dropped] = await tx<{ link_preview: LinkPreview }[]>`
    with before as (
      select id, link_preview from messages
      where id = ${messageId} and link_preview is not null and link_preview ->> 'url' is distinct from ${url ?? null}
    )
    update messages m set link_preview = null from before where m.id = before.id
    returning before.link_preview`
  return dropped?.link_preview
}

/** Remembers that the sender wants no preview of these addresses. */
export async function refusePreviews(tx: Transaction, messageId: number, urls: string[]): Promise<void> {
  await tx`
    update messages set preview_removed_urls = array(
      select distinct url from unnest(preview_removed_urls || ${urls}::text[]) url)
    where id = ${messageId}`
}

/** Whether the viewer is a member of a conversation in which this picture is shown. */
export async function maySeePicture(viewerId: number, image: string): Promise<boolean> {
  const rows = await sql`
    select from messages m
    join conversations c on c.id = m.conversation_id and c.deleted_at is null
    join conversation_members me on me.conversation_id = c.id and me.user_id = ${viewerId}
    where m.link_preview ->> 'image' = ${image}
    limit 1`
  return rows.length > 0
}

/** Of these pictures those that no message shows. */
export async function unnamedPictures(images: string[]): Promise<string[]> {
  const rows = await sql<{ image: string }[]>`
    select image from unnest(${images}::text[]) image
    where not exists (select from messages m where m.link_preview ->> 'image' = image)`
  return rows.map(({ image }) => image)
}
