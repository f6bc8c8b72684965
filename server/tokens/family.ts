import { createHash, randomBytes } from 'node:crypto'
import { sql, type Transaction } from '../db/client.ts'
import { hangUp } from '../live/publish.ts'
import { keepSession, sessionLifetimeMs } from '../web/session.ts'
import { accessSeconds, signAccess } from './access.ts'

/**
 * The refresh tokens that came from one sign-in, each in exchange for the one before it: a session that has no cookie,
 * and ends like any other.
 */
export interface Family {
  sid: string
  user_id: number
  /** Separated by blanks. */
  scope: string
}

/** What a program gets when it signs in, and again whenever it refreshes. */
export interface Tokens {
  access_token: string
  refresh_token: string
  token_type: 'bearer'
  /** Of the access token. Seconds. */
  expires_in: number
}

/** Of a user. */
const maxFamilies = 100

interface Start {
  userId: number
  /** See accounts/standing.ts. */
  passwordMark: string
  scopes: readonly string[]
}

/** Starts a session for tokens to stand for. */
export async function startFamily({ userId, passwordMark, scopes }: Start): Promise<Tokens> {
  const family = { sid: randomBytes(24).toString('base64url'), user_id: userId, scope: scopes.join(' ') }
  const expires = new Date(Date.now() + sessionLifetimeMs)
  const session = {
    cookie: { originalMaxAge: sessionLifetimeMs, expires },
    userId,
    passwordMark,
    prolongedAt: Date.now(),
    scope: family.scope,
  }
  const refreshToken = await sql.begin(async (tx) => {
    await tx`
      insert into sessions (sid, sess, expire)
      values (${family.sid}, ${JSON.stringify(session)}::text::json, ${expires})`
    await endOldest(tx, userId)
    return addToken(tx, family.sid)
  })
  return pairOf(family, refreshToken)
}

/** A program that signs in again and again, and never out, would leave more of them than anybody can look through. */
const endOldest = (tx: Transaction, userId: number) => tx`
  delete from sessions where sid in (
    select sid from sessions
    where sess ->> 'userId' = ${String(userId)} and sess ->> 'scope' is not null
    order by expire desc offset ${maxFamilies})`

/** The family of a refresh token, used or not. */
export async function familyOf(refreshToken: string): Promise<Family | undefined> {
  const [family] = await sql<Family[]>`${familyWith(refreshToken)}`
  return family
}

/**
 * Exchanges a refresh token for a new pair, and prolongs its session. One that comes a second time, even at the same
 * moment, is in two hands: it ends its family, with the streams.
 * @returns undefined when there is no pair for it, or none any more
 */
export async function rotate(refreshToken: string): Promise<Tokens | undefined> {
  const rotated = await sql.begin(async (tx) => {
    // Whoever else uses, or ends, this family waits here: what locks several of its rows begins with the session.
    const [family] = await tx<Family[]>`${familyWith(refreshToken)} for no key update of s`
    if (!family) return undefined
    const token = await tokenOf(tx, refreshToken)
    if (!token || token.is_expired) return undefined
    if (token.is_used) {
      await tx`delete from sessions where sid = ${family.sid}`
      return { family }
    }
    await tx`update refresh_tokens set used_at = now() where hash = ${hashOf(refreshToken)}`
    await keepSession(family.sid, tx)
    return { family, next: await addToken(tx, family.sid) }
  })
  if (!rotated) return undefined
  if (rotated.next) return pairOf(rotated.family, rotated.next)
  hangUp(rotated.family.user_id, rotated.family.sid)
  return undefined
}

/** Ends a family, whichever of its tokens this is, with its streams. */
export async function endFamily(refreshToken: string): Promise<void> {
  const [ended] = await sql<Omit<Family, 'scope'>[]>`
    delete from sessions s using refresh_tokens t where t.hash = ${hashOf(refreshToken)} and s.sid = t.sid
    returning s.sid, (s.sess ->> 'userId')::bigint as user_id`
  if (ended) hangUp(ended.user_id, ended.sid)
}

/** A token is too random for anybody to find it by its hash. */
const hashOf = (refreshToken: string) => createHash('sha256').update(refreshToken).digest('base64url')

const familyWith = (refreshToken: string) => sql`
  select s.sid, (s.sess ->> 'userId')::bigint as user_id, s.sess ->> 'scope' as scope
  from refresh_tokens t join sessions s on s.sid = t.sid
  where t.hash = ${hashOf(refreshToken)}`

/** Read once the session is locked: before that, another request might just be using it. */
async function tokenOf(tx: Transaction, refreshToken: string) {
  const [token] = await tx<{ is_used: boolean; is_expired: boolean }[]>`
    select used_at is not null as is_used, expires_at <= now() as is_expired
    from refresh_tokens where hash = ${hashOf(refreshToken)}`
  return token
}

/** @returns the token itself, which is kept nowhere */
async function addToken(tx: Transaction, sid: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const expires = new Date(Date.now() + sessionLifetimeMs)
  await tx`insert into refresh_tokens (hash, sid, expires_at) values (${hashOf(token)}, ${sid}, ${expires})`
  return token
}

async function pairOf({ sid, user_id, scope }: Family, refresh_token: string): Promise<Tokens> {
  const access = { userId: user_id, sessionId: sid, scopes: new Set(scope.split(' ')) }
  return {
    access_token: await signAccess(access),
    refresh_token,
    token_type: 'bearer',
    expires_in: accessSeconds,
  }
}
