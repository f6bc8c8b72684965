import { mentionsIn } from '../../views/messages/mentions.ts'
import { tidy } from '../../views/people/names.ts'
import { membershipsOf } from '../changes/membership.ts'
import { limits } from '../contract/limits.ts'
import { type Connection, sql, type Transaction } from '../db/client.ts'
import type { Row } from '../db/schema.ts'
import { type Names, noNames } from './write.ts'

const written = /\bdata-user-id=["']?([1-9]\d{0,14})\b/g

/**
 * The present names of those whom a message mentions: active members of the conversation, `limits.messageMentions` of them
 * at most. Of a message that mentions nobody the database is not asked; a writer who is no member learns no names.
 * @param content as it was sent
 */
export async function namesIn(
  content: string,
  { writerId, conversationId }: { writerId: number; conversationId: number },
  db: Connection = sql,
): Promise<Names> {
  if (!content.includes('data-user-id')) return noNames
  const wanted = new Set([...content.matchAll(written)].map(([, id]) => Number(id)))
  if (wanted.size === 0) return noNames
  const ids = [...wanted].slice(0, limits.messageMentions)
  const found = await db<Row<'users', 'id' | 'name' | 'username'>[]>`
    select u.id, u.name, u.username from conversation_members cm join users u on u.id = cm.user_id
    where cm.conversation_id = ${conversationId} and cm.user_id = any(${ids}) and u.is_active
      and exists (select from ${membershipsOf(writerId)} where c.id = ${conversationId})`
  // A portal may write anything into a name; what turns the direction of text would turn the message around it.
  return new Map(found.map(({ id, name, username }) => [id, tidy(name ?? '') || username]))
}

/**
 * Those whom new content of a message mentions and none of its contents did before. To be asked before it is stored.
 * @param html sanitized
 */
export async function newlyMentioned(
  tx: Transaction,
  { id, sender_id }: Row<'messages', 'id' | 'sender_id'>,
  html: string,
): Promise<number[]> {
  const ids = mentionsIn(html).filter((userId) => userId !== sender_id)
  if (ids.length === 0) return []
  const known = await tx<Row<'message_mentions', 'user_id'>[]>`
    select user_id from message_mentions where message_id = ${id}`
  const before = new Set(known.map(({ user_id }) => user_id))
  return ids.filter((userId) => !before.has(userId))
}
