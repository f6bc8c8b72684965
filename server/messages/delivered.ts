import { membershipsOfAll } from '../changes/membership.ts'
import { sql } from '../db/client.ts'
import { signal } from '../live/envelope.ts'
import type { Live, LiveEvents, OpenedStream } from '../live/live.ts'
import { publish } from '../live/publish.ts'
import { log } from '../log.ts'

/** How often deliveries are stored and published. */
const everyMs = 1000
/** In one statement, which locks the memberships that sending needs too. */
const maxStored = 200

/** Users who opened a stream: what was sent to them before reaches them now. */
const arrived = new Set<number>()
/** The newest message that reached a stream and is not stored yet, by conversation and member. */
const pending = new Map<number, Map<number, number>>()
let timer: NodeJS.Timeout | undefined

/**
 * Stores that messages have reached a recipient's stream, and publishes that to the other member of a 1:1.
 */
export function followDeliveries({ events }: Live): () => Promise<void> {
  events.on('delivered', delivered)
  events.on('opened', opened)
  events.on('closed', closed)
  return () => {
    events.off('delivered', delivered)
    events.off('opened', opened)
    events.off('closed', closed)
    return flushDeliveries()
  }
}

function delivered({ conversationId, messageId, userIds }: LiveEvents['delivered'][0]): void {
  const members = pending.get(conversationId) ?? new Map<number, number>()
  for (const userId of userIds) members.set(userId, Math.max(messageId, members.get(userId) ?? 0))
  pending.set(conversationId, members)
  flushSoon()
}

function opened({ userId, confirms }: OpenedStream): void {
  if (confirms) return
  arrived.add(userId)
  flushSoon()
}

/** A client that comes back at once is not to be told again what it confirmed. */
function closed({ confirms }: OpenedStream): void {
  if (confirms && pending.size > 0) void flushDeliveries()
}

function flushSoon(): void {
  timer ??= setTimeout(() => void flushDeliveries(), everyMs)
}

export async function flushDeliveries(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  const deliveries = [...pending].flatMap(([conversationId, members]) =>
    [...members].map(([userId, messageId]): Delivery => ({ conversationId, userId, messageId })),
  )
  const users = [...arrived]
  pending.clear()
  arrived.clear()
  if (deliveries.length === 0 && users.length === 0) return
  try {
    deliveries.push(...(await waitingFor(users)))
    for (let at = 0; at < deliveries.length; at += maxStored)
      for (const { user_id, recipients, ...delivered } of await store(deliveries.slice(at, at + maxStored)))
        publish(recipients, signal('message_delivered', { user_id, ...delivered }))
  } catch (error) {
    // The next delivery, or reading, makes up for it.
    log.warn({ err: error }, 'deliveries could not be stored')
  }
}

interface Delivery {
  conversationId: number
  userId: number
  messageId: number
}

interface Delivered {
  conversation_id: number
  user_id: number
  message_id: number
  delivered_at: string
  /** The other member of a 1:1; empty for a group. */
  recipients: number[]
}

/** The newest message of each conversation with something undelivered for one of these users. */
const waitingFor = (userIds: number[]) => sql<Delivery[]>`
  select c.id as "conversationId", me.user_id as "userId", c.last_message_id as "messageId"
  from ${membershipsOfAll(userIds)}
  where coalesce(me.last_delivered_message_id, 0) < c.last_message_id`

/** Rows are locked in order, for two workers may hold streams of one member. */
const store = (deliveries: Delivery[]) => sql<Delivered[]>`
  with wanted as (
    select * from unnest(
      ${deliveries.map((each) => each.conversationId)}::bigint[], ${deliveries.map((each) => each.userId)}::bigint[],
      ${deliveries.map((each) => each.messageId)}::bigint[]) as w (conversation_id, user_id, message_id)
  ), locked as (
    select cm.conversation_id, cm.user_id, w.message_id
    from conversation_members cm join wanted w using (conversation_id, user_id)
    where coalesce(cm.last_delivered_message_id, 0) < w.message_id
    order by cm.conversation_id, cm.user_id
    for no key update of cm
  ), moved as (
    update conversation_members cm
    set last_delivered_message_id = l.message_id, last_delivered_at = now(), xid = pg_current_xact_id()
    from locked l where cm.conversation_id = l.conversation_id and cm.user_id = l.user_id
    returning cm.conversation_id, cm.user_id, l.message_id, cm.last_delivered_at as delivered_at
  )
  select moved.*, array(
    select other.user_id from conversation_members other join conversations c on c.id = other.conversation_id
    where c.id = moved.conversation_id and not c.is_group) as recipients
  from moved`
