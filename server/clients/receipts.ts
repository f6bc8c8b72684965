import { limits } from '../contract/limits.ts'
import type { Message } from '../contract/messages.ts'
import { sql } from '../db/client.ts'
import type { Row } from '../db/schema.ts'

/** When a message had reached, and was read by, everybody but its sender. ISO 8601; `null` while it was not. */
export interface Receipts {
  delivered_at: string | null
  read_at: string | null
}

type Sent = Pick<Message, 'id' | 'conversation_id' | 'sender_id' | 'created_at'>
type Positions = Row<
  'conversation_members',
  | 'conversation_id'
  | 'user_id'
  | 'last_read_at'
  | 'last_read_message_id'
  | 'last_delivered_at'
  | 'last_delivered_message_id'
>

/**
 * The receipts of messages, by id. Members have one position each, so the times are those of the last message they got or
 * read. In groups of more than `limits.smallGroupMembers` there are none.
 */
export async function receiptsOf(messages: Sent[]): Promise<Map<number, Receipts>> {
  const ids = [...new Set(messages.map(({ conversation_id }) => conversation_id))]
  const members = Map.groupBy(await positionsIn(ids), ({ conversation_id }) => conversation_id)
  return new Map(
    messages.map((message) => {
      const { id, conversation_id, sender_id } = message
      const others = (members.get(conversation_id) ?? []).filter(({ user_id }) => user_id !== sender_id)
      return [
        id,
        {
          delivered_at: latest(
            message,
            others.map((each) => [each.last_delivered_message_id, each.last_delivered_at]),
          ),
          read_at: latest(
            message,
            others.map((each) => [each.last_read_message_id, each.last_read_at]),
          ),
        },
      ]
    }),
  )
}

/** Never before it was sent: who answers has got everything by that, whenever something last came by itself. */
function latest(
  { id, created_at }: Sent,
  positions: [at: number | null, time: string | null][],
): string | null {
  const isReached = positions.length > 0 && positions.every(([at]) => at !== null && at >= id)
  return isReached
    ? positions.reduce<string>((last, [, time]) => (time && time > last ? time : last), created_at)
    : null
}

const positionsIn = (conversationIds: number[]) => sql<Positions[]>`
  select cm.conversation_id, cm.user_id, cm.last_read_at, cm.last_read_message_id, cm.last_delivered_at,
    cm.last_delivered_message_id
  from unnest(${conversationIds}::bigint[]) as asked (id)
  join conversation_members cm on cm.conversation_id = asked.id
  where (select count(*) from conversation_members each where each.conversation_id = asked.id)
    <= ${limits.smallGroupMembers}`
