import { sql, type Transaction } from '../db/client.ts'
import type { Live } from '../live/live.ts'
import { hangUp } from '../live/publish.ts'
import { log } from '../log.ts'
import { isStanding } from './standing.ts'

/** How long a stream may outlive a session that another process has ended. Milliseconds. */
const every = 1000

/**
 * Ends all sessions of a user in the database; the workers then end the streams opened with them. Works from any
 * process, and without a bus.
 */
export async function endSessions(tx: Transaction, userId: number): Promise<void> {
  await tx`delete from sessions where sess ->> 'userId' = ${String(userId)}`
}

/** Ends one session, with the streams opened with it, in whichever worker they are. */
export async function endSession(userId: number, sessionId: string): Promise<void> {
  await sql`delete from sessions where sid = ${sessionId}`
  hangUp(userId, sessionId)
}

/**
 * Ends the streams in this worker whose session is no longer valid: ended elsewhere, expired, or of a changed password.
 * @returns stops it
 */
export function startEndingStreams(live: Live): () => void {
  const timer = setInterval(
    () => endStreams(live).catch((err) => log.debug({ err }, 'ended sessions')),
    every,
  )
  return () => clearInterval(timer)
}

async function endStreams(live: Live): Promise<void> {
  const open = live.sessions()
  if (open.length === 0) return
  const ended = await sql<{ user_id: number; session: string }[]>`
    select open.user_id, open.session
    from unnest(${open.map(({ userId }) => userId)}::bigint[], ${open.map(({ session }) => session)}::text[])
      as open (user_id, session)
    where not exists (
      select from sessions s join users u on u.id = open.user_id
      where s.sess ->> 'userId' = open.user_id::text and ${isStanding()} and ${fingerprintOf()} = open.session)`
  for (const { user_id, session } of ended) live.hangUp(user_id, session)
}

/** The fingerprint of a session `s`, equal to what `fingerprint` computes from its id. */
const fingerprintOf = () => sql`
  translate(encode(sha256(convert_to(s.sid, 'UTF8')), 'base64'), '+/=', '-_')`
