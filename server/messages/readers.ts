import { userColumns } from '../accounts/store.ts'
import { membershipsOf } from '../changes/membership.ts'
import type { Readers } from '../contract/readers.ts'
import type { User } from '../contract/users.ts'
import { sql } from '../db/client.ts'
import { notFound } from '../web/problem.ts'

interface Recipient extends User {
  has_read: boolean
  is_reached: boolean
  show_last_seen: boolean
  last_read_at: string
  last_delivered_at: string | null
}

/**
 * Who has read a message, and whom it has reached, of all members but its sender. Who joined later is none of its
 * recipients, unless they have read it.
 * @throws Problem 404
 */
export async function readersOf(viewerId: number, messageId: number): Promise<Readers> {
  const rows = await sql<(Recipient | { id: null })[]>`${recipients(viewerId, messageId)}`
  if (rows.length === 0) throw notFound()
  const all = rows.filter((row) => row.id !== null)
  const shown = all.filter((each) => each.show_last_seen)
  const readers = shown
    .filter((each) => each.has_read)
    .sort((a, b) => a.last_read_at.localeCompare(b.last_read_at))
    .map((each) => ({ user: userOf(each), read_at: each.last_read_at }))
  const delivered = shown
    .filter((each) => each.is_reached && !each.has_read)
    .map((each) => ({ user: userOf(each), delivered_at: each.last_delivered_at }))
  return { readers, delivered, waiting_count: all.length - readers.length - delivered.length }
}

/** One range of the members' index, however large the group. */
export const recipients = (viewerId: number, messageId: number) => sql`
  select recipient.*
  from messages m
  join ${membershipsOf(viewerId)} on c.id = m.conversation_id
  left join lateral (
    select ${userColumns()}, u.show_last_seen is not false as show_last_seen, cm.last_read_at, cm.last_delivered_at,
      cm.last_read_at is not null and cm.last_read_message_id >= m.id as has_read,
      cm.last_delivered_message_id >= m.id is true as is_reached
    from conversation_members cm join users u on u.id = cm.user_id
    where cm.conversation_id = m.conversation_id and cm.user_id <> m.sender_id
      and (cm.joined_at <= m.created_at or (cm.last_read_at is not null and cm.last_read_message_id >= m.id))
    order by u.name, u.id
  ) recipient on true
  where m.id = ${messageId}`

const userOf = ({ id, username, display_name, company, avatar_url }: User): User => ({
  id,
  username,
  display_name,
  company,
  avatar_url,
})
