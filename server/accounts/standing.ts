import { createHash } from 'node:crypto'
import { sql } from '../db/client.ts'

/**
 * What a session keeps of the password it was started with: a portal changes passwords in its own way, which ends the
 * sessions of the old one.
 */
export const passwordMark = (hash: string) => createHash('sha256').update(hash).digest('hex').slice(0, 16)

/** The same for a row `u` of users. */
const currentMark = () => sql`left(encode(sha256(convert_to(u.password_hash, 'UTF8')), 'hex'), 16)`

/**
 * Whether a row `s` of sessions is valid for its user `u`. Sessions of older versions have no password mark. Redis may
 * still hold an ended session: PostgreSQL decides.
 */
export const isStanding = () => sql`
  u.is_active and s.expire > now() and s.sess ->> 'userId' = u.id::text
  and coalesce(s.sess ->> 'passwordMark', ${currentMark()}) is not distinct from ${currentMark()}`
