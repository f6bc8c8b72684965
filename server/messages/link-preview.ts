import { removeUnlessHeld } from '../attachments/held.ts'
import { keptPictures } from '../attachments/storage.ts'
import type { LinkPreview } from '../contract/messages.ts'
import { sql, type Transaction } from '../db/client.ts'

const path = '/api/previews/'

/** The URL path at which a picture is served, and the name under which it is stored. */
export const addressOf = (name: string) => path + name
export const nameOf = (image: string) => image.slice(path.length)
/** Undefined for a picture that we do not serve. */
export const keptName = (image: string) => (image.startsWith(path) ? nameOf(image) : undefined)

export const pictures = keptPictures.storage

/**
 * Drops a message's preview unless it is of `url`.
 * @returns the dropped preview, whose picture is to be removed after the commit
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

/** Those of these pictures that no message shows. */
export async function unnamedPictures(images: string[]): Promise<string[]> {
  const rows = await sql<{ image: string }[]>`
    select image from unnest(${images}::text[]) image
    where not exists (select from messages m where m.link_preview ->> 'image' = image)`
  return rows.map(({ image }) => image)
}

/** Removes a picture, by the path at which we serve it, unless another message, such as a forwarded one, shows it. */
export async function removePicture(image: string | null | undefined): Promise<void> {
  if (!image?.startsWith(path)) return
  const unnamed = await unnamedPictures([image])
  if (unnamed.length > 0) await removeUnlessHeld(keptPictures, unnamed.map(nameOf))
}
