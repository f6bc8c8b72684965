import { type KeyObject, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { config } from '../config.ts'
import { idText } from '../contract/fields.ts'
import { currentKey, keysOf } from './keys.ts'

/** How long an access token is good for. */
export const accessSeconds = 15 * 60

/** What an access token says: whose it is, which session it stands for, and what it may do. */
export interface Access {
  userId: number
  sessionId: string
  scopes: ReadonlySet<string>
}

const alg = 'HS256'
/** RFC 9068's: another JWT of ours would not be taken for an access token. */
const typ = 'at+jwt'

const Claims = z.object({ sub: idText, sid: z.string(), scope: z.string() })

export async function signAccess({ userId, sessionId, scopes }: Access): Promise<string> {
  const { SignJWT } = await import('jose/jwt/sign')
  const { kid, key } = currentKey()
  return new SignJWT({ sid: sessionId, scope: [...scopes].join(' ') })
    .setProtectedHeader({ alg, typ, kid })
    .setIssuer(config.baseUrl)
    .setAudience(config.baseUrl)
    .setSubject(String(userId))
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${accessSeconds}s`)
    .sign(key)
}

/**
 * What a token says that we signed, and that has not expired; undefined for anything else. Whether its session still
 * stands is asked of the database.
 */
export async function readAccess(token: string): Promise<Access | undefined> {
  // Loaded for the first token: a page needs none.
  const { decodeProtectedHeader } = await import('jose/decode/protected_header')
  let payload: unknown
  try {
    for (const key of keysOf(decodeProtectedHeader(token).kid)) payload ??= await verified(token, key)
  } catch {
    return undefined
  }
  const { data: claims } = Claims.safeParse(payload)
  return claims && { userId: claims.sub, sessionId: claims.sid, scopes: new Set(claims.scope.split(' ')) }
}

/** @returns undefined when another key has signed it, or it is not good any more */
async function verified(token: string, key: KeyObject): Promise<object | undefined> {
  const { jwtVerify } = await import('jose/jwt/verify')
  const read = jwtVerify(token, key, {
    algorithms: [alg],
    typ,
    issuer: config.baseUrl,
    audience: config.baseUrl,
    requiredClaims: ['exp', 'iat'],
  })
  return read.then(
    ({ payload }) => payload,
    () => undefined,
  )
}
