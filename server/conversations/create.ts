import type { Conversation } from '../contract/conversations.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { invalid, notFound } from '../web/problem.ts'
import { publishToMembers } from './publish.ts'
import { findConversation } from './store.ts'

interface Created {
  conversation: Conversation
  isNew: boolean
}

/** Opens the 1:1 of two users, creating it when there is none; with one's own id, notes to oneself. */
export async function openDirect(userId: number, otherId: number): Promise<Created> {
  const pair = [userId, otherId].sort((a, b) => a - b)
  const key = pair.join(':')
  // The key is unique: of several requests at once one wins, and the others wait and find its conversation.
  const created = await sql.begin(async (sql) => {
    const [made] = await sql<Row<'conversations', 'id'>[]>`
      insert into conversations (is_group, direct_key, owner_id)
      select false, ${key}, ${userId} where exists (select from users where id = ${otherId} and is_active)
      on conflict (direct_key) do nothing
      returning id`
    if (!made) return undefined
    await sql`
      insert into conversation_members (conversation_id, user_id, role, added_by_id)
      select ${made.id}, id, case when id = ${userId} then 'owner' else 'member' end, ${userId}
      from users where id = any(${pair})`
    return made.id
  })
  const id = created ?? (await findDirect(key))
  if (created) await publishToMembers(created, pair, 'created')
  return { conversation: await findConversation(userId, id), isNew: created !== undefined }
}

async function findDirect(key: string): Promise<number> {
  const [found] = await sql<
    Row<'conversations', 'id'>[]
  >`select id from conversations where direct_key = ${key}`
  if (!found) throw notFound()
  return found.id
}

/** Creates a group owned by `userId`. @throws Problem 400 when a member is no active user */
export async function createGroup(
  userId: number,
  group: { name: string; description?: string | null | undefined; member_ids: number[] },
): Promise<Created> {
  const memberIds = [...new Set([userId, ...group.member_ids])]
  const id = await sql.begin(async (sql) => {
    const [made] = await sql<Row<'conversations', 'id'>[]>`
      insert into conversations (is_group, name, description, owner_id)
      values (true, ${group.name}, ${group.description ?? null}, ${userId})
      returning id`
    const { count } = await sql`
      insert into conversation_members (conversation_id, user_id, role, added_by_id)
      select ${made!.id}, id, case when id = ${userId} then 'owner' else 'member' end, ${userId}
      from users where id = any(${memberIds}) and is_active`
    if (count < memberIds.length)
      throw invalid('Someone in the list has no account here.', [
        { path: 'member_ids', message: 'unknown user' },
      ])
    return made!.id
  })
  await publishToMembers(id, memberIds, 'created')
  return { conversation: await findConversation(userId, id), isNew: true }
}
