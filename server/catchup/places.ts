import { membershipsOf } from '../changes/membership.ts'
import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import { readCursor, writeCursor } from '../live/cursor.ts'
import type { Envelope } from '../live/envelope.ts'
import type { ClientName, Place, Places, Position } from '../live/places.ts'
import { firstFitting } from '../messages/fitting.ts'
import { messagesById } from '../messages/store.ts'
import { messageEnvelope } from './replay.ts'

/** Written when the page before it was confirmed. */
const pageSize = 100

interface Kept extends ClientName {
  place: Place
}

/** Of a session that has ended meanwhile, nothing. */
const keepOne = batched<Kept, void>({
  async ask(kept) {
    const latest = new Map(kept.map((each) => [`${each.sessionId} ${each.protocol}`, each]))
    const rows = [...latest.values()]
    await sql`
      insert into socket_places (sid, protocol, cursor, history, positions)
      select kept.sid, kept.protocol, kept.cursor, kept.history, kept.positions::jsonb
      from unnest(
        ${rows.map(({ sessionId }) => sessionId)}::text[], ${rows.map(({ protocol }) => protocol)}::text[],
        ${rows.map(({ place }) => writeCursor(place.cursor))}::text[],
        ${rows.map(({ place }) => place.history)}::text[],
        ${rows.map(({ place }) => JSON.stringify([...place.positions]))}::text[]
      ) as kept (sid, protocol, cursor, history, positions)
      where exists (select from sessions s where s.sid = kept.sid)
      order by kept.sid, kept.protocol
      on conflict (sid, protocol) do update set
        cursor = excluded.cursor, history = excluded.history, positions = excluded.positions
      -- What is left of an earlier connection does not move a client back.
      where excluded.history <> socket_places.history
        or split_part(excluded.cursor, '-', 1) <> split_part(socket_places.cursor, '-', 1)
        or split_part(excluded.cursor, '-', 2)::bigint >= split_part(socket_places.cursor, '-', 2)::bigint`
    return kept.map(() => undefined)
  },
})

interface Found {
  cursor: string
  history: string
  positions: [number, Position][]
}

const findOne = batched<ClientName, Place | undefined>({
  async ask(clients) {
    const rows = await sql<(Found & { index: number })[]>`
      select asked.index, kept.cursor, kept.history, kept.positions
      from unnest(
        ${clients.map((_, i) => i)}::int[], ${clients.map(({ sessionId }) => sessionId)}::text[],
        ${clients.map(({ protocol }) => protocol)}::text[]) as asked (index, sid, protocol)
      join socket_places kept on kept.sid = asked.sid and kept.protocol = asked.protocol`
    const places = clients.map((): Place | undefined => undefined)
    for (const { index, cursor: text, history, positions } of rows) {
      const cursor = readCursor(text)
      if (cursor) places[index] = { cursor, history, positions: new Map(positions) }
    }
    return places
  },
})

/** What is being kept by this worker: a client that comes back at once finds it. */
const underWay = new Map<string, Promise<void>>()
const nameOf = ({ sessionId, protocol }: ClientName) => `${sessionId} ${protocol}`

export const places: Places = {
  async find(client) {
    await underWay.get(nameOf(client))?.catch(() => {})
    return findOne(client)
  },
  keep(client, place) {
    const name = nameOf(client)
    const keeping = keepOne({ ...client, place }).finally(() => {
      if (underWay.get(name) === keeping) underWay.delete(name)
    })
    underWay.set(name, keeping)
    return keeping
  },
  async delivered(userId) {
    const rows = await sql<{ id: number; until: number }[]>`
      select c.id, greatest(me.last_delivered_message_id, me.last_read_message_id, 0) as until
      from ${membershipsOf(userId)}`
    return new Map(rows.map(({ id, until }) => [id, until]))
  },
  async undelivered(userId, delivered, afterId) {
    const messages = sql`
      select m.* from unnest(${[...delivered.keys()]}::bigint[], ${[...delivered.values()]}::bigint[]) as known (id, until)
      join ${membershipsOf(userId)} on c.id = known.id and c.last_message_id > greatest(${afterId}::bigint, known.until)
      cross join lateral (
        select m.* from messages m
        where m.conversation_id = c.id and m.sender_id <> ${userId} and not m.is_deleted
          and m.id > greatest(${afterId}::bigint, known.until) and m.created_at >= me.joined_at
        order by m.id limit ${pageSize + 1}) m`
    const order = sql`m.id`
    return envelopesOf(
      await sql<{ id: number }[]>`
      select m.id from ${firstFitting(messages, order, pageSize)} order by ${order}`,
    )
  },
  async changed(userId, cursor, { conversationId, seq }) {
    const { xmin } = cursor
    const messages = sql`
      select m.* from ${membershipsOf(userId)}
      cross join lateral (
        select m.* from messages m
        where m.conversation_id = c.id and m.xid >= ${`${xmin}`}::text::xid8
          and m.seq > greatest(case when c.id = ${conversationId}::bigint then ${seq}::bigint else 0 end, coalesce((
            select known.seq from messages known
            where known.conversation_id = c.id and known.xid < ${`${xmin}`}::text::xid8
            order by known.seq desc limit 1), 0))
        order by m.seq limit ${pageSize + 1}) m
      where c.xid >= ${`${xmin}`}::text::xid8 and c.id >= ${conversationId}::bigint`
    const order = sql`m.conversation_id, m.seq`
    return envelopesOf(
      await sql<{ id: number }[]>`
      select m.id from ${firstFitting(messages, order, pageSize)} order by ${order}`,
      new Date(cursor.time).toISOString(),
    )
  },
}

/** @param since from when a message is delivered as new; others are delivered as updates */
async function envelopesOf(rows: { id: number }[], since = ''): Promise<Envelope[]> {
  const found = await messagesById(rows.map(({ id }) => id))
  return rows.flatMap(({ id }) => {
    const message = found.get(id)
    return message ? messageEnvelope({ ...message, is_new: message.created_at >= since }) : []
  })
}
