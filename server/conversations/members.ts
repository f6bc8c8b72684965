import { type Change, changeConversation } from '../changes/conversation.ts'
import { mayAddMembers, mayRemove } from '../changes/rights.ts'
import type { Member } from '../contract/conversations.ts'
import { limits } from '../contract/limits.ts'
import type { SystemLine } from '../contract/messages.ts'
import type { OwnUser } from '../contract/users.ts'
import { conversationRemoved } from '../live/envelope.ts'
import { addSystemLine } from '../messages/system-line.ts'
import { conflict, invalid, notFound } from '../web/problem.ts'
import { publishConversation, publishToMembers } from './publish.ts'
import { membersOf } from './store.ts'

/**
 * Adds users to a group. They see earlier messages, none of which count as unread.
 * @returns all members
 * @throws Problem 400, 403, 404; 409 when someone is already a member
 */
export async function addMembers(user: OwnUser, id: number, userIds: number[]): Promise<Member[]> {
  await changeConversation(user.id, id, async (change) => {
    mayAddMembers(change)
    const { tx, conversation, memberIds } = change
    const wanted = [...new Set(userIds)]
    if (wanted.some((each) => memberIds.includes(each)))
      throw conflict('Someone in the list is already a member.')
    if (memberIds.length + wanted.length > limits.groupMembers)
      throw invalid(`A group can have at most ${limits.groupMembers} members.`)
    const added = await tx<{ name: string }[]>`
      with added as (
        insert into conversation_members (conversation_id, user_id, added_by_id, last_read_message_id)
        select ${id}, u.id, ${user.id}, ${conversation.last_message_id}
        from users u where u.id = any(${wanted}) and u.is_active
        returning user_id
      ) select u.name from added join users u on u.id = added.user_id order by u.name`
    if (added.length < wanted.length)
      throw invalid('Someone in the list has no account here.', [
        { path: 'user_ids', message: 'unknown user' },
      ])
    const seq = await change.nextSeq()
    change.afterCommit(() => publishConversation(change, memberIds, seq))
    change.afterCommit(() => publishToMembers(id, wanted, 'joined'))
    const members = added.map(({ name }) => name)
    await addSystemLine(change, user.id, { event: 'added', actor: user.display_name, members })
  })
  return membersOf(id, user.id)
}

/**
 * Removes a member, or leaves. An owner who leaves hands over to the longest-standing member; after the last one
 * the group is gone.
 * @throws Problem 403, 404
 */
export const removeMember = (user: OwnUser, id: number, memberId: number): Promise<void> =>
  changeConversation(user.id, id, async (change) => {
    mayRemove(change, user.id, memberId)
    const { tx, conversation, memberIds } = change
    if (!memberIds.includes(memberId)) throw notFound()
    const rest = memberIds.filter((each) => each !== memberId)
    const seq = await change.nextSeq()
    change.publish([memberId], conversationRemoved(id, seq))
    change.afterCommit(() => publishConversation(change, rest, seq))
    // Added while the leaving member may still write; published to those who stay.
    await addSystemLine(change, user.id, await departureLine(change, user, memberId), rest)
    await tx`delete from conversation_members where conversation_id = ${id} and user_id = ${memberId}`
    await tx`
      insert into conversation_departures (conversation_id, user_id) values (${id}, ${memberId})
      on conflict (user_id, conversation_id) do update set left_at = now(), xid = pg_current_xact_id()`
    const newOwner = memberId === conversation.owner_id ? rest[0] : undefined
    if (newOwner) await handOver(change, id, newOwner)
    if (rest.length === 0) await tx`update conversations set deleted_at = now() where id = ${id}`
  })

async function departureLine({ tx }: Change, user: OwnUser, memberId: number): Promise<SystemLine> {
  if (memberId === user.id) return { event: 'left', member: user.display_name }
  const [member] = await tx<[{ name: string }]>`select name from users where id = ${memberId}`
  return { event: 'removed', actor: user.display_name, member: member.name }
}

async function handOver(change: Change, id: number, newOwner: number): Promise<void> {
  const { tx, memberIds, conversation } = change
  await tx`
    update conversation_members set role = 'owner', xid = pg_current_xact_id()
    where conversation_id = ${id} and user_id = ${newOwner}`
  await tx`update conversations set owner_id = ${newOwner} where id = ${id}`
  const [{ name }] = await tx<[{ name: string }]>`select name from users where id = ${newOwner}`
  const rest = memberIds.filter((each) => each !== conversation.owner_id)
  await addSystemLine(change, newOwner, { event: 'took_over', member: name }, rest)
}
