import { createPublicKey } from 'node:crypto'
import { limits } from '../contract/limits.ts'
import type { PushSubscription } from '../contract/push.ts'
import { sql } from '../db/client.ts'
import { invalid, unauthenticated } from '../web/problem.ts'
import { endpointUrl } from './endpoint.ts'

/**
 * Has new messages pushed to this subscription for as long as the session lasts. The same endpoint again gets the new
 * keys; of another user, in a browser that they share, it is taken over, and what was pushed to the earlier one is
 * forgotten.
 * @throws Problem 400; 401 when the session has ended meanwhile
 */
export async function subscribe(userId: number, sessionId: string, given: PushSubscription): Promise<void> {
  const endpoint = writtenEndpoint(given.endpoint)
  const { p256dh, auth } = given.keys
  if (!isOnCurve(p256dh)) throw refused('keys.p256dh', 'is not a point of P-256')
  const expiresAt = given.expirationTime ? new Date(given.expirationTime) : null
  await sql.begin(async (tx) => {
    await tx`select from users where id = ${userId} for no key update`
    await tx`delete from push_subscriptions where endpoint = ${endpoint} and user_id <> ${userId}`
    const { count } = await tx`
      insert into push_subscriptions (user_id, sid, endpoint, p256dh, auth, expires_at)
      select ${userId}::bigint, s.sid, ${endpoint}::text, ${p256dh}::text, ${auth}::text, ${expiresAt}::timestamptz
      from sessions s where s.sid = ${sessionId}
      on conflict (endpoint) do update set user_id = excluded.user_id, sid = excluded.sid, p256dh = excluded.p256dh,
        auth = excluded.auth, expires_at = excluded.expires_at, renewed_at = now()`
    if (count === 0) throw unauthenticated()
    await tx`
      delete from push_subscriptions where id in (
        select id from push_subscriptions where user_id = ${userId}
        order by renewed_at desc, id desc offset ${limits.pushSubscriptions})`
  })
}

/** Of one's own; one that does not exist is none any more either. */
export async function unsubscribe(userId: number, text: string): Promise<void> {
  const url = URL.parse(text)
  if (!url) return
  url.hash = ''
  await sql`delete from push_subscriptions where user_id = ${userId} and endpoint = ${url.href}`
}

/** @throws Problem 400 */
function writtenEndpoint(text: string): string {
  try {
    const { href } = endpointUrl(text)
    if (href.length <= limits.pushEndpointCharacters) return href
  } catch (error) {
    throw refused('endpoint', `must be at a public push service: ${(error as Error).message}`)
  }
  throw refused('endpoint', 'is too long')
}

const refused = (path: string, message: string) => invalid('The body is invalid.', [{ path, message }])

/** @param key uncompressed, in base64url */
function isOnCurve(key: string): boolean {
  const point = Buffer.from(key, 'base64url').subarray(1)
  const [x, y] = [point.subarray(0, 32), point.subarray(32)].map((half) => half.toString('base64url'))
  try {
    createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: x!, y: y! } })
    return true
  } catch {
    return false
  }
}
