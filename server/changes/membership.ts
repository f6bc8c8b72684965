import { sql } from '../db/client.ts'

/**
 * The permission check of every statement that reads for a member: nothing is found by others, nor by anybody once the
 * conversation is deleted. Rows `me` of conversation_members joined with their conversations `c`; belongs after `from`
 * or `join`. What writes under a conversation's lock is checked by `lock_conversation` and `send_messages` (drizzle/).
 */
export const membershipsOf = (userId: number | ReturnType<typeof sql>) =>
  memberships(sql`me.user_id = ${userId}`)

/** The same of several users. */
export const membershipsOfAll = (userIds: number[]) => memberships(sql`me.user_id = any(${userIds})`)

/** Those of everybody in a conversation. */
export const membershipsIn = (conversationId: number) =>
  memberships(sql`me.conversation_id = ${conversationId}`)

const memberships = (areTheirs: ReturnType<typeof sql>) => sql`(
  conversation_members me
  join conversations c on c.id = me.conversation_id and c.deleted_at is null and ${areTheirs})`
