import { membershipsOf } from '../changes/membership.ts'
import type { Draft, DraftPlace } from '../contract/drafts.ts'
import { limits } from '../contract/limits.ts'
import { sql } from '../db/client.ts'
import { noSuchReply } from '../messages/refusals.ts'
import { notFound } from '../web/problem.ts'

/** Of rows `cd` of conversation_drafts; a restored backup may not have the message that was replied to. */
const draftColumns = () => sql`
  coalesce(cd.content, '') as content, coalesce(cd.version, 0) as version,
  (select m.id from messages m where m.id = cd.reply_to_id and m.conversation_id = cd.conversation_id) as reply_to_id`

/** Empty where there is none. @throws Problem 404 when they are no member */
export async function findDraft(userId: number, conversationId: number): Promise<Draft> {
  const [draft] = await sql<Draft[]>`
    select ${draftColumns()} from ${membershipsOf(userId)}
    left join conversation_drafts cd on cd.user_id = me.user_id and cd.conversation_id = me.conversation_id
    where c.id = ${conversationId}`
  if (!draft) throw notFound()
  return draft
}

/** All of a user's, the latest first, and the tombstones among them. */
export const draftsOf = (userId: number): Promise<DraftPlace[]> => sql<DraftPlace[]>`
  select cd.conversation_id, ${draftColumns()} from conversation_drafts cd
  join ${membershipsOf(userId)} on c.id = cd.conversation_id
  where cd.user_id = ${userId}
  order by cd.content is null, cd.updated_at desc limit ${limits.drafts}`

/** @throws Problem 404 when they are no member, 400 when no such message is in the conversation */
export async function mustBeRepliable(
  userId: number,
  conversationId: number,
  replyToId: number | null | undefined,
): Promise<void> {
  const [found] = await sql<{ is_there: boolean }[]>`
    select ${replyToId ?? null}::bigint is null or m.id is not null as is_there from ${membershipsOf(userId)}
    left join messages m on m.id = ${replyToId ?? null} and m.conversation_id = c.id
    where c.id = ${conversationId}`
  if (!found) throw notFound()
  if (!found.is_there) throw noSuchReply()
}
