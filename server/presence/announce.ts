import { signal } from '../live/envelope.ts'
import { publish } from '../live/publish.ts'
import { type Change, register } from './register.ts'
import { softly } from './soft.ts'
import { audienceOf, rememberSeen } from './store.ts'

const soft = softly('telling of presence')

/** The time of somebody's going is when they were last seen: of who hides it, only the hour is told. */
const hourMs = 60 * 60 * 1000

/** Tells the contacts of a change, when there is one. Not waited for, and never throws. */
export function announce(change: Change | undefined): void {
  if (change) soft(tell(change), undefined)
}

async function tell({ userId, status, at, seen }: Change): Promise<void> {
  if (status === 'offline' && seen) await rememberSeen(userId, seen)
  const audience = await audienceOf(userId)
  if (!audience || audience.contacts.length === 0) return
  // Somebody may have come back while we asked, and his coming must not be overtaken by his leaving.
  const [current] = await register.find([userId])
  if (current?.status !== status) return
  publish(
    audience.contacts,
    signal('presence', {
      user_id: userId,
      status,
      last_seen: lastSeen(seen, audience),
      timestamp: new Date(audience.show_last_seen ? at : at - (at % hourMs)).toISOString(),
    }),
  )
}

/** ISO 8601; `null` for who hides it, and for who was never seen. The status stays visible. */
export function lastSeen(
  seen: number | undefined,
  stored: { show_last_seen: boolean; last_seen_at: string | null },
): string | null {
  if (!stored.show_last_seen) return null
  return seen ? new Date(seen).toISOString() : stored.last_seen_at
}
