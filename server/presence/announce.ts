import { batched } from '../db/batch.ts'
import { sql } from '../db/client.ts'
import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { bestEffort } from './best-effort.ts'
import { type Change, register, type Status } from './register.ts'
import { findWithContacts } from './store.ts'

const attempt = bestEffort('announcing presence')

/** The time of a departure reveals when the user was last seen: for those who hide it, only the hour is shown. */
const hourMs = 60 * 60 * 1000

/** Announces a change, if there is one, to the user's contacts. Best effort: not awaited, and never throws. */
export function announce(change: Change | undefined): void {
  if (change) attempt(publishChange(change), undefined)
}

const findStatus = batched<number, Status>({
  ask: async (userIds) => (await register.find(userIds)).map(({ status }) => status),
})

async function publishChange({ userId, status, at, seen }: Change): Promise<void> {
  if (status === 'offline' && seen) await rememberSeen(userId, seen)
  const user = await findWithContacts(userId)
  if (!user || user.contacts.length === 0) return
  // They may have come back meanwhile: a departure must not be published after the return.
  if ((await findStatus(userId)) !== status) return
  publish(
    user.contacts,
    signal('presence', {
      user_id: userId,
      status,
      last_seen: lastSeen(seen, user),
      timestamp: new Date(user.show_last_seen ? at : at - (at % hourMs)).toISOString(),
    }),
  )
}

/** @param seen ms since 1970; never moves back */
async function rememberSeen(userId: number, seen: number): Promise<void> {
  const at = new Date(seen)
  await sql`
    update users set last_seen_at = ${at}
    where id = ${userId} and (last_seen_at is null or last_seen_at < ${at})`
}

/** ISO 8601; `null` for who hides it, and for who was never seen. The status stays visible. */
export function lastSeen(
  seen: number | undefined,
  stored: { show_last_seen: boolean; last_seen_at: string | null },
): string | null {
  if (!stored.show_last_seen) return null
  return seen ? new Date(seen).toISOString() : stored.last_seen_at
}
