import { membershipsOf } from '../changes/membership.ts'
import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import { readCursor, writeCursor } from '../live/cursor.ts'
import { newMessage } from '../live/envelope.ts'
import type { ClientName, Place, Places, Position } from '../live/places.ts'
import { messagesById } from '../messages/store.ts'

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
        cursor = excluded.cursor, history = excluded.history, positions = excluded.positions`
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
  async undelivered(userId, afterId) {
    const rows = await sql<{ id: number }[]>`
      select m.id from ${membershipsOf(userId)}
      cross join lateral (
        select m.id from messages m
        where m.conversation_id = c.id and m.sender_id <> ${userId} and not m.is_deleted
          and m.id > greatest(${afterId}, me.last_delivered_message_id, me.last_read_message_id)
          and m.created_at >= me.joined_at
        order by m.id limit ${pageSize}) m
      where c.last_message_id > greatest(${afterId}, me.last_delivered_message_id, me.last_read_message_id)
      order by m.id limit ${pageSize}`
    const found = await messagesById(rows.map(({ id }) => id))
    return rows.flatMap(({ id }) => {
      const message = found.get(id)
      return message ? newMessage(message) : []
    })
  },
}
