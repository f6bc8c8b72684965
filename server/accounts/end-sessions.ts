import type { Redis } from 'ioredis'
import { sql, type Transaction } from '../db/client.ts'
import { everySession, fingerprint, hangUpEnvelope } from '../live/envelope.ts'
import { deliver, userIds } from '../live/streams.ts'
import { log } from '../log.ts'
import { sessionPrefix } from '../web/session.ts'

/** How long a stream may outlive its session, when another process has ended that. Milliseconds. */
const every = 1000

/**
 * Ends all sessions of a user in the database; the workers end the streams that were opened with them. Works from any
 * process, and without a bus.
 * @returns the ids, for `forgetSessions` once this is committed
 */
export async function endSessions(tx: Transaction, userId: number): Promise<string[]> {
  const rows = await tx<{ sid: string }[]>`
    delete from sessions where sess ->> 'userId' = ${String(userId)} returning sid`
  const ids = rows.map(({ sid }) => sid)
  await tx`delete from ended_sessions where ended_at < now() - interval '1 day'`
  await tx`
    insert into ended_sessions (user_id, fingerprint)
    select ${userId}, fingerprint from unnest(${ids.map(fingerprint)}::text[]) fingerprint
    on conflict do nothing`
  return ids
}

/** Takes them out of Redis, too. */
export async function forgetSessions(redis: Redis, ids: string[]): Promise<void> {
  for (const id of ids) await redis.del(sessionPrefix + id)
}

let timer: NodeJS.Timeout | undefined

/** Ends the streams in this worker whose session another process has ended. */
export function startEndingStreams(): void {
  timer = setInterval(() => endStreams().catch((err) => log.debug({ err }, 'ended sessions')), every)
}

/** Within an hour, for the database may have been away: a stream that is ended already is ended no more. */
async function endStreams(): Promise<void> {
  const here = userIds()
  if (here.length === 0) return
  const ended = await sql<{ user_id: number; fingerprint: string }[]>`
    select user_id, fingerprint from ended_sessions
    where user_id = any(${here}) and ended_at > now() - interval '1 hour'`
  for (const { user_id, fingerprint } of ended) deliver(user_id, hangUpEnvelope(fingerprint))
  // A portal deactivates members in its own way.
  const inactive = await sql<{ id: number }[]>`select id from users where id = any(${here}) and not is_active`
  for (const { id } of inactive) deliver(id, hangUpEnvelope(everySession))
}

export const stopEndingStreams = (): void => clearInterval(timer)
