import type { Presence } from '../contract/presence.ts'
import { notFound } from '../web/problem.ts'
import { lastSeen } from './announce.ts'
import { bestEffort } from './best-effort.ts'
import { type Found, register } from './register.ts'
import { contactsAmong } from './store.ts'

const attempt = bestEffort('asking for presence')

/** The presence of those among `ids` who share a conversation with the viewer, and their own; others are left out. */
export async function presencesOf(viewerId: number, ids: number[]): Promise<Presence[]> {
  const contacts = await contactsAmong(viewerId, ids)
  const found = await attempt<Found[]>(register.find(contacts.map(({ id }) => id)), [])
  return contacts.map((contact, i) => {
    const { status, seen } = found[i] ?? { status: 'offline', seen: undefined }
    const last_seen = lastSeen(seen, contact)
    return {
      user_id: contact.id,
      status,
      is_online: status !== 'offline',
      last_seen,
      last_active_at: last_seen,
    }
  })
}

/** That of one user. @throws Problem 404 when they share no conversation with the viewer */
export async function presenceOf(viewerId: number, userId: number): Promise<Presence> {
  const [found] = await presencesOf(viewerId, [userId])
  if (!found) throw notFound()
  return found
}
