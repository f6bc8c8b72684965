import { membershipsOf } from '../changes/membership.ts'
import { sql } from '../db/client.ts'
import { publishDraft } from '../messages/publish.ts'
import { findDraft } from './store.ts'

/** Forgets what somebody has begun to write; what is on its way here comes too late. @throws Problem 404 */
export async function deleteDraft(userId: number, conversationId: number): Promise<void> {
  const { version } = await findDraft(userId, conversationId)
  const [ended] = await sql<{ version: number | null }[]>`
    with own as materialized (
      select me.user_id, me.conversation_id from ${membershipsOf(userId)}
      where c.id = ${conversationId} for key share of me
    )
    select end_draft(own.user_id, own.conversation_id, ${version}::bigint + 1) as version from own`
  if (ended?.version) publishDraft(userId, conversationId, { version: ended.version })
}
