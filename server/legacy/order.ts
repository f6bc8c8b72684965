import { Stop } from '../terminal/stop.ts'
import type { Transaction } from './connection.ts'

interface Newer {
  conversation_id: number
  title: string
  newest: Date
  oldest: Date
  is_moved: boolean
}

/**
 * Pages are ordered by id, and new ids are higher than all existing ones: what is moved must be later.
 * @throws Stop that names the conversations where it is not
 */
export async function mustBeLast(tx: Transaction): Promise<void> {
  const rows = await tx<Newer[]>`
    select q.conversation_id, newest.created_at as newest, q.oldest,
      exists (select from legacy_messages lm where lm.message_id = newest.id) as is_moved,
      coalesce(c.name, (select string_agg(u.name, ' and ' order by u.id) from conversation_members cm
        join users u on u.id = cm.user_id where cm.conversation_id = c.id)) as title
    from (select conversation_id, min(sent_at)::timestamptz(3) as oldest from legacy_queue group by 1) q
    join conversations c on c.id = q.conversation_id
    join lateral (
      select m.id, m.created_at from messages m where m.conversation_id = c.id
      order by m.created_at desc limit 1) newest on newest.created_at > q.oldest
    order by q.conversation_id`
  if (rows.length === 0) return
  throw new Stop([
    'These conversations contain messages newer than some that would be moved after them:',
    ...rows.map(
      ({ conversation_id, title, newest, oldest }) =>
        `  ${conversation_id} (${title}): here up to ${time(newest)}, to be moved from ${time(oldest)}`,
    ),
    ...(rows.some((row) => row.is_moved)
      ? ['What an earlier run has moved can be undone with --undo, and moved again with the rest.']
      : []),
  ])
}

const time = (date: Date) => date.toISOString().slice(0, 19).replace('T', ' ')
