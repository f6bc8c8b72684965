import { createHash } from 'node:crypto'
import { sql } from '../db/client.ts'

/**
 * What a session remembers of the password that began it: a portal changes passwords in its own way, and who is signed
 * in with the old one is so no more.
 */
export const passwordMark = (hash: string) => createHash('sha256').update(hash).digest('hex').slice(0, 16)

/** The same of a row `u` of users. */
const currentMark = () => sql`left(encode(sha256(convert_to(u.password_hash, 'UTF8')), 'hex'), 16)`

/**
 * That a row `s` of sessions signs in its user `u`, whoever ended it and however; sessions of older versions remember
 * no password. Redis may still have the session: what counts is here.
 */
export const isStanding = () => sql`
  u.is_active and s.expire > now() and s.sess ->> 'userId' = u.id::text
  and coalesce(s.sess ->> 'passwordMark', ${currentMark()}) is not distinct from ${currentMark()}`
