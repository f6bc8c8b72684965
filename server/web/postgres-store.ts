import { type SessionData, Store } from 'express-session'
import { sql } from '../db/client.ts'
import { unavailable } from './problem.ts'

type Answer = (error?: unknown, session?: SessionData | null) => void

/** When a session ends that its cookie gives no end. */
const dayMs = 24 * 60 * 60 * 1000

/** Sessions in PostgreSQL, on the connections that everything else uses. */
export class PostgresStore extends Store {
  override get(id: string, answer: Answer): void {
    settle(
      sql<{ sess: SessionData }[]>`select sess from sessions where sid = ${id} and expire > now()`.then(
        ([row]) => row?.sess ?? null,
      ),
      answer,
    )
  }

  override set(id: string, session: SessionData, answer: Answer = () => {}): void {
    const expires = new Date(session.cookie.expires ?? Date.now() + dayMs)
    settle(
      sql`
        insert into sessions (sid, sess, expire) values (${id}, ${JSON.stringify(session)}::text::json, ${expires})
        on conflict (sid) do update set sess = excluded.sess, expire = excluded.expire`,
      answer,
    )
  }

  override destroy(id: string, answer: Answer = () => {}): void {
    settle(sql`delete from sessions where sid = ${id}`, answer)
  }
}

/** Removes those that have ended. */
export const tidySessions = () => sql`delete from sessions where expire < now()`

function settle(asked: PromiseLike<unknown>, answer: Answer): void {
  asked.then(
    (found) => answer(null, found as SessionData),
    // Of ENOENT, a socket that is not there, express-session would make a guest of whoever is signed in.
    (error) => answer(error.code === 'ENOENT' ? unavailable() : error),
  )
}
