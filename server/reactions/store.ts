import type { Reaction } from '../contract/reactions.ts'
import { type Connection, sql } from '../db/client.ts'

/** The reactions to these messages, by message, the oldest first. */
export async function reactionsOf(ids: number[], db: Connection = sql): Promise<Map<number, Reaction[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db<Reaction[]>`
    select r.id, r.message_id, r.user_id, u.name as user_name, r.emoji, r.created_at
    from message_reactions r join users u on u.id = r.user_id
    where r.message_id = any(${ids})
    order by r.id`
  return Map.groupBy(rows, (row) => row.message_id)
}
