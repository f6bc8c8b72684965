import { membershipsOf } from '../changes/membership.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'

export interface CommonGroup extends Row<'conversations', 'id'> {
  name: string
  member_count: number
}

/** The groups that two users are in, the most recently changed first; none with oneself. */
export function groupsWith(viewerId: number, otherId: number, most: number): Promise<CommonGroup[]> {
  return sql<CommonGroup[]>`
    select found.*, (
      select count(*)::int from conversation_members every where every.conversation_id = found.id) as member_count
    from (
      select c.id, c.name from ${membershipsOf(viewerId)}
      join conversation_members other on other.conversation_id = c.id and other.user_id = ${otherId}
      where c.is_group and other.user_id <> me.user_id
      order by c.updated_at desc, c.id desc limit ${most}
    ) found`
}
