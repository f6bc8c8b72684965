import { changeConversation } from '../changes/conversation.ts'
import { mayDeleteConversation, mayRename } from '../changes/rights.ts'
import type { Conversation } from '../contract/conversations.ts'
import type { OwnUser } from '../contract/users.ts'
import { conversationRemoved } from '../live/envelope.ts'
import { addSystemLine } from '../messages/system-line.ts'
import { publishConversation } from './publish.ts'
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
