import { membershipsOf, membershipsOfAll } from '../changes/membership.ts'
import { limits } from '../contract/limits.ts'
import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'

/** That `c` is a 1:1 or a small group; stops counting one member beyond. */
const isSmall = () => sql`
  (not c.is_group or ${limits.smallGroupMembers} >= (
    select count(*) from (
      select from conversation_members every where every.conversation_id = c.id limit ${limits.smallGroupMembers + 1}
    ) counted))`

/** Members `other` of the small conversations of a user, including the user. */
const sharedBy = (userId: number) => sql`
  ${membershipsOf(userId)} join conversation_members other on other.conversation_id = c.id
  where ${isSmall()}`

export type Seen = Row<'users', 'id' | 'show_last_seen' | 'last_seen_at'>

export interface WithContacts extends Seen {
  contacts: number[]
}

/** A user with their contacts: those they share a small conversation with, never themselves. */
export const findWithContacts = batched<number, WithContacts | undefined>({
  async ask(userIds) {
    const rows = await sql<WithContacts[]>`
      select u.id, u.show_last_seen, u.last_seen_at, coalesce(shared.contacts, '{}') as contacts
      from users u
      left join (
        select me.user_id, array_agg(distinct other.user_id) as contacts
        from ${membershipsOfAll(userIds)} join conversation_members other on other.conversation_id = c.id
        where ${isSmall()} and other.user_id <> me.user_id
        group by me.user_id
      ) shared on shared.user_id = u.id
      where u.id = any(${userIds})`
    const found = new Map(rows.map((row) => [row.id, row]))
    return userIds.map((id) => found.get(id))
  },
})

/** Of these users the contacts of the viewer, and the viewer themselves. */
export function contactsAmong(viewerId: number, ids: number[]): Promise<Seen[]> {
  return sql<Seen[]>`
    select u.id, u.show_last_seen, u.last_seen_at from users u
    where u.id = any(${ids}) and (
      u.id = ${viewerId}
      or u.id in (select other.user_id from ${sharedBy(viewerId)} and other.user_id = any(${ids})))
    order by u.id`
}
