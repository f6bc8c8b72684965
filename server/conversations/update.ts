import { changeConversation } from '../changes/conversation.ts'
import { membershipsOf } from '../changes/membership.ts'
import { mayDeleteConversation, mayRename } from '../changes/rights.ts'
import type { Conversation, OwnSettings } from '../contract/conversations.ts'
import type { OwnUser } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { conversationRemoved } from '../live/envelope.ts'
import { addSystemLine } from '../messages/system-line.ts'
import { notFound } from '../web/problem.ts'
import { publishConversation, publishToMembers } from './publish.ts'
import { findConversation } from './store.ts'

/** Changes a group's name or description, and says so in it. @throws Problem 403, 404 */
export async function updateConversation(
  user: OwnUser,
  id: number,
  wanted: { name?: string | undefined; description?: string | null | undefined },
): Promise<Conversation> {
  await changeConversation(user.id, id, async (change) => {
    mayRename(change)
    const { tx, conversation, memberIds } = change
    const name = wanted.name ?? conversation.name
    const description = wanted.description === undefined ? conversation.description : wanted.description
    if (name === conversation.name && description === conversation.description) return
    const seq = await change.nextSeq()
    await tx`update conversations set name = ${name}, description = ${description} where id = ${id}`
    change.afterCommit(() => publishConversation(change, memberIds, seq))
    if (name !== conversation.name)
      await addSystemLine(change, user.id, { event: 'renamed', actor: user.display_name, name: name! })
    else await addSystemLine(change, user.id, { event: 'described', actor: user.display_name })
  })
  return findConversation(user.id, id)
}

/** Takes a group away from all its members at once. It is kept 30 days, for an administrator to restore. */
export const deleteConversation = (userId: number, id: number): Promise<void> =>
  changeConversation(userId, id, async (change) => {
    mayDeleteConversation(change)
    const seq = await change.nextSeq()
    await change.tx`update conversations set deleted_at = now() where id = ${id}`
    change.publish(change.memberIds, conversationRemoved(id, seq))
  })

/** Says what one is notified of in a conversation, or archives it; one's other devices hear of it. @throws Problem 404 */
export async function updateOwnSettings(
  userId: number,
  id: number,
  { is_muted, notify, is_archived }: OwnSettings,
): Promise<Conversation> {
  const isMuted = notify ? notify !== 'all' : is_muted
  const mutesMentions = notify ? notify === 'none' : is_muted === false ? false : undefined
  const { count } = await sql`
    update conversation_members cm set
      is_muted = coalesce(${isMuted ?? null}, cm.is_muted),
      mutes_mentions = coalesce(${mutesMentions ?? null}, cm.mutes_mentions),
      is_archived = coalesce(${is_archived ?? null}, cm.is_archived),
      xid = pg_current_xact_id()
    from ${membershipsOf(userId)}
    where c.id = ${id} and cm.conversation_id = me.conversation_id and cm.user_id = me.user_id`
  if (count === 0) throw notFound()
  await publishToMembers(id, [userId], 'settings')
  return findConversation(userId, id)
}
