import type { Presence } from '../contract/presence.ts'
import { lastSeen } from './announce.ts'
import { type Found, register } from './register.ts'
import { softly } from './soft.ts'
import { contactsAmong } from './store.ts'

const soft = softly('asking for presence')

/** The presence of those among `ids` who share a conversation with the viewer, and of himself; others are left out. */
export async function presencesOf(viewerId: number, ids: number[]): Promise<Presence[]> {
  const contacts = await contactsAmong(viewerId, ids)
  const found = await soft<Found[]>(register.find(contacts.map(({ id }) => id)), [])
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
