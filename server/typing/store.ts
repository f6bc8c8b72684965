import { membershipsOf } from '../changes/membership.ts'
import type { Events } from '../contract/events.ts'
import { limits } from '../contract/limits.ts'
import { sql } from '../db/client.ts'
import type { Typist } from './register.ts'

export type TypistNames = Pick<Events['typing'], 'user_name' | 'username' | 'display_name'>
export type NamedTypist = Pick<Events['typing'], 'user_id'> & TypistNames

const names = () => sql`u.name as user_name, u.username, u.name as display_name`

/** The other members; one too many for a small group when it has more. */
const others = () => sql`
  array(select other.user_id from conversation_members other
        where other.conversation_id = c.id and other.user_id <> u.id limit ${limits.smallGroupMembers}) as others`

/** In larger groups typing is not shown. */
const subscribersAmong = (others: number[]) => (others.length < limits.smallGroupMembers ? others : [])

/** Who sees that a member types, and whom they see; `undefined` when they are none. */
export async function subscribersOf({ userId, conversationId }: Typist): Promise<number[] | undefined> {
  const [found] = await sql<{ others: number[] }[]>`
    select ${others()}
    from ${membershipsOf(userId)} join users u on u.id = me.user_id
    where c.id = ${conversationId}`
  return found && subscribersAmong(found.others)
}

/** The recipients of a stop, whose typist may no longer be a member, and the typist's names. */
export async function findTypist({
  userId,
  conversationId,
}: Typist): Promise<(TypistNames & { others: number[] }) | undefined> {
  const [found] = await sql<(TypistNames & { others: number[] })[]>`
    select ${names()}, ${others()}
    from users u join conversations c on c.id = ${conversationId} and c.deleted_at is null
    where u.id = ${userId}`
  return found && { ...found, others: subscribersAmong(found.others) }
}

export async function namesOf(userIds: number[]): Promise<NamedTypist[]> {
  if (userIds.length === 0) return []
  return sql<NamedTypist[]>`
    select u.id as user_id, ${names()} from users u where u.id = any(${userIds}) order by u.id`
}
