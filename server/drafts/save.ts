import { membershipsOf } from '../changes/membership.ts'
import type { Draft, DraftBody } from '../contract/drafts.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { namesIn } from '../mentions/store.ts'
import { cleanContent } from '../messages/content.ts'
import { publishDraft } from '../messages/publish.ts'
import { Problem } from '../web/problem.ts'
import { findDraft, mustBeRepliable } from './store.ts'

/**
 * Stores what somebody has begun to write, if nobody has changed it since the version that they saw.
 * @throws Problem 400, 404, 413; 409 with the newer one
 */
export async function saveDraft(
  userId: number,
  conversationId: number,
  { content, reply_to_id, version: seen }: DraftBody,
): Promise<Draft> {
  if (reply_to_id !== null) await mustBeRepliable(userId, conversationId, reply_to_id)
  const names = await namesIn(content, { writerId: userId, conversationId })
  const { html } = cleanContent(content, { mayBeEmpty: true, names })
  const version = await store(userId, conversationId, { content: html, reply_to_id, version: seen })
  if (!version) throw newer(await findDraft(userId, conversationId))
  const draft = { content: html, reply_to_id, version }
  publishDraft(userId, conversationId, draft)
  return draft
}

/** @returns its version; undefined when there is a newer one, or no membership */
async function store(
  userId: number,
  conversationId: number,
  { content, reply_to_id, version }: Draft,
): Promise<number | undefined> {
  const kept = content || reply_to_id ? content : null
  const [stored] = await sql<Row<'conversation_drafts', 'version'>[]>`
    with own as materialized (
      -- A membership that ends meanwhile is waited for, and then is none.
      select me.user_id, me.conversation_id from ${membershipsOf(userId)}
      where c.id = ${conversationId} for key share of me
    )
    insert into conversation_drafts as cd (user_id, conversation_id, content, reply_to_id, version)
    select own.user_id, own.conversation_id, ${kept}::text, ${reply_to_id}::bigint, ${version}::bigint + 1 from own
    on conflict (user_id, conversation_id) do update
      set content = excluded.content, reply_to_id = excluded.reply_to_id, version = excluded.version, updated_at = now()
      where cd.version < excluded.version
    returning cd.version`
  return stored?.version
}

const newer = (draft: Draft) => new Problem(409, 'conflict', 'The draft was changed meanwhile.', { draft })
