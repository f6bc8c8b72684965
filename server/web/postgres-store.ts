import { type SessionData, Store } from 'express-session'
import { sql } from '../db/client.ts'
import { unavailable } from './problem.ts'

type Answer = (error?: unknown, session?: SessionData | null) => void

/** How long a session lasts whose cookie has no expiry. */
const dayMs = 24 * 60 * 60 * 1000

/** Sessions in PostgreSQL, on the worker's own connections. */
export class PostgresStore extends Store {
  override get(id: string, answer: Answer): void {
    respond(
      sql<{ sess: SessionData }[]>`select sess from sessions where sid = ${id} and expire > now()`.then(
        ([row]) => row?.sess ?? null,
      ),
      answer,
    )
  }

  override set(id: string, session: SessionData, answer: Answer = () => {}): void {
    const expires = new Date(session.cookie.expires ?? Date.now() + dayMs)
    respond(
      sql`
        insert into sessions (sid, sess, expire) values (${id}, ${JSON.stringify(session)}::text::json, ${expires})
        on conflict (sid) do update set sess = excluded.sess, expire = excluded.expire`,
      answer,
    )
  }

  override destroy(id: string, answer: Answer = () => {}): void {
    respond(sql`delete from sessions where sid = ${id}`, answer)
  }
}

/** Deletes expired sessions. */
export const tidySessions = () => sql`delete from sessions where expire < now()`

function respond(query: PromiseLike<unknown>, answer: Answer): void {
  query.then(
    (found) => answer(null, found as SessionData),
    // For ENOENT, a missing socket, express-session would turn signed-in users into guests.
    (error) => answer(error.code === 'ENOENT' ? unavailable() : error),
  )
}
