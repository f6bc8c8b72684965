import { sql } from '../db/client.ts'

/**
 * Forgets refresh tokens that have expired, used or not: until then, a second use has to be noticed. Those of a session
 * that is just being ended go with it: to wait for them, holding others, could be a deadlock.
 */
export const tidyTokens = () => sql`
  delete from refresh_tokens where hash = any(array(
    select hash from refresh_tokens where expires_at < now() for update skip locked))`
