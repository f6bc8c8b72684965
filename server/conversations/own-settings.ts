import { membershipsOf } from '../changes/membership.ts'
import type { Conversation, OwnSettings } from '../contract/conversations.ts'
import { limits } from '../contract/limits.ts'
import { sql, type Transaction } from '../db/client.ts'
import { conflict, notFound } from '../web/problem.ts'
import { publishToMembers } from './publish.ts'
import { findConversation } from './store.ts'

/**
 * Says what one is notified of in a conversation, pins or archives it; one's other devices hear of it.
 * @throws Problem 404, 409 when too many are pinned
 */
export async function updateOwnSettings(
  userId: number,
  id: number,
  wanted: OwnSettings,
): Promise<Conversation> {
  await sql.begin(async (tx) => {
    // What is counted must not change until it is committed.
    if (wanted.is_pinned) await tx`select from users where id = ${userId} for no key update`
    const { count } = await tx`
      update conversation_members cm set ${muting(wanted)}, ${placing(wanted)}, xid = pg_current_xact_id()
      from ${membershipsOf(userId)}
      where c.id = ${id} and cm.conversation_id = me.conversation_id and cm.user_id = me.user_id`
    if (count === 0) throw notFound()
    if (wanted.is_pinned) await mustBeFew(tx, userId)
  })
  await publishToMembers(id, [userId], 'settings')
  return findConversation(userId, id)
}

/** A mute that has ended by itself leaves nothing behind for the next. */
function muting({ is_muted, notify, muted_until }: OwnSettings) {
  const isMuted = notify ? notify !== 'all' : (is_muted ?? (muted_until ? true : undefined))
  const mutesMentions = notify ? notify === 'none' : isMuted === false ? false : undefined
  if (isMuted === undefined && muted_until === undefined) return sql`is_muted = cm.is_muted`
  const stays = sql`is_mute_on(cm.is_muted, cm.muted_until)`
  const is = isMuted === undefined ? stays : sql`${isMuted}`
  return sql`
    is_muted = ${is}, muted_until = case when ${is} then ${muted_until ?? null}::timestamptz end,
    mutes_mentions = ${mutesMentions === undefined ? sql`cm.mutes_mentions and ${stays}` : sql`${mutesMentions}`}`
}

const placing = ({ is_pinned, is_archived }: OwnSettings) => sql`
  is_pinned = coalesce(${is_pinned ?? null}, cm.is_pinned and ${!is_archived}),
  is_archived = coalesce(${is_archived ?? null}, cm.is_archived and ${!is_pinned})`

async function mustBeFew(tx: Transaction, userId: number): Promise<void> {
  const [pinned] = await tx<[{ count: number }]>`
    select count(*) from ${membershipsOf(userId)} where me.is_pinned`
  if (pinned.count > limits.pinnedConversations)
    throw conflict(`At most ${limits.pinnedConversations} conversations can be pinned.`)
}
