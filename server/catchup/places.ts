import { membershipsOf } from '../changes/membership.ts'
import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import { readCursor, writeCursor } from '../live/cursor.ts'
import { newMessage } from '../live/envelope.ts'
import type { ClientName, Place, Places } from '../live/places.ts'
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

/** What is being kept by this worker: a client that comes back at once finds it. */
const underWay = new Map<string, Promise<void>>()
const nameOf = ({ sessionId, protocol }: ClientName) => `${sessionId} ${protocol}`

export const places: Places = {
  async find(client) {
    await underWay.get(nameOf(client))?.catch(() => {})
    const [row] = await sql<{ cursor: string; history: string; positions: [number, number][] }[]>`
      select cursor, history, positions from socket_places
      where sid = ${client.sessionId} and protocol = ${client.protocol}`
    const cursor = row && readCursor(row.cursor)
    return cursor && { cursor, history: row.history, positions: new Map(row.positions) }
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
